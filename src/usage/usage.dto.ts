import { byRules, fieldOfKind } from '../common/field.js';
import { Count, Day, Describes, ListOf, Nested, Optional } from '../common/fields.js';

const { kind: anyDay } = Day();

/** A day in UTC. PostgreSQL has no year 0. */
const DayOfUses = (about: string) => {
  const late = byRules([(value) => String(value) >= '1000', 'must be in the year 1000 or later']);
  const flaws = (value: unknown) => [...anyDay.flaws(value), ...late(value)].slice(0, 1);
  return fieldOfKind<string>({ schema: anyDay.schema, flaws }, about);
};

/** The days of a query. */
export class UsageQuery {
  @Optional()
  @DayOfUses('The first day, in UTC. By default 30 days in all.')
  from?: string;

  @Optional()
  @DayOfUses('The last day, in UTC. By default today.')
  to?: string;
}

export class UsageDay {
  @Day()
  day!: string;

  @Count()
  uses!: number;
}

/** How often a key was used, day by day. */
@Describes({
  id: 'Usage',
  example: {
    days: [
      { day: '2026-11-04', uses: 0 },
      { day: '2026-11-05', uses: 4711 },
    ],
  },
})
export class UsageView {
  @ListOf(Nested(UsageDay), {}, 'Every day, the first one first, days without a use included.')
  days!: UsageDay[];
}
