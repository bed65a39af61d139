import { define, describeModel, fieldsOf, type Class, type Field } from './field.js';
import { Characters, Count, Describes, ListOf, Nested, Nullable, Optional } from './fields.js';
import { exampleOf } from './json-schema.js';
import type { CountedPage, Page } from './page.js';

/** The number of the state that a response is about. */
export const AuthSeq = () =>
  Count('The number of the state that the response is about. Later states have greater ones.');

/** Ids for examples. */
export const sampleIds = {
  org: 'org_01k3w9v2m5f6t8xq4zrb7nhc0d',
  user: 'usr_2x7tq9c0hs8yd4fk1mw6gz3bna',
  key: 'key_01k3wa0r7e2d9j5xhy6tq8mbcv',
  event: 'aud_01k3wa0r7g4s1n8dkvz5c2ympb',
  delivery: 'dlv_01k3wa0r7m3f9t2hxqz6d4vnsb',
  webhook: 'whk_01k3w9x4c8g2r6p0tnyd5hv7me',
  identity: 'idn_3h9wq5d1kt8zc4fn7mx0gs2avb',
  session: 'ses_01k3wa0r7n6t4d1kxzq8c5bvhe',
} as const;

/** The response to a change: its result, and the number of that state. */
export function committed<T extends object>(view: Class<T>): Class<T & { authSeq: number }> {
  class Committed extends (view as Class<object>) {
    @AuthSeq()
    authSeq!: number;
  }
  describeModel(Committed, { example: { ...exampleOf(view), authSeq: 1042 } });
  return Committed as Class<T & { authSeq: number }>;
}

/** One page of a list of these objects. */
export function pageOf<T extends object>(item: Class<T>): Class<Page<T>> {
  class PageOfThem {
    @ListOf(Nested(item))
    items!: T[];

    @Nullable()
    @Characters('Null on the last page.')
    nextCursor!: string | null;
  }
  describeModel(PageOfThem, { example: { items: [exampleOf(item)], nextCursor: null } });
  return PageOfThem;
}

/** The same for a list that counts what matches. */
export function countedPageOf<T extends object>(item: Class<T>): Class<CountedPage<T>> {
  class CountedPageOfThem extends (pageOf(item) as Class<object>) {
    @Optional()
    @Count(
      'With `total=true`: how many match, on all pages, at the time of this request. 100,000 means that ' +
        'many or more.',
    )
    total?: number;
  }
  const page = { items: [exampleOf(item)], nextCursor: null };
  describeModel(CountedPageOfThem, { example: { ...page, total: 1 } });
  return CountedPageOfThem as Class<CountedPage<T>>;
}

/** A class of its own with these fields of another one, and the values that that one sets. */
function derive(type: Class<object>, fields: Iterable<[string, Field]>): Class<object> {
  @Describes({})
  class Derived {
    constructor() {
      const preset = new type() as Record<string, unknown>;
      const names = Object.keys(preset).filter((name) => fieldsOf(Derived).has(name));
      Object.assign(this, Object.fromEntries(names.map((name) => [name, preset[name]])));
    }
  }
  for (const [name, field] of fields) define(Derived, name, field);
  return Derived;
}

/** A class with the same fields, all optional. */
export function partialOf<T extends object>(type: Class<T>): Class<Partial<T>> {
  const fields = [...fieldsOf(type)];
  return derive(
    type,
    fields.map(([name, field]) => [name, { ...field, isOptional: true }]),
  );
}

/** A class with the same fields except these. */
export function without<T extends object, K extends keyof T>(
  type: Class<T>,
  ...names: K[]
): Class<Omit<T, K>> {
  const fields = [...fieldsOf(type)];
  return derive(
    type,
    fields.filter(([name]) => !(names as PropertyKey[]).includes(name)),
  ) as Class<Omit<T, K>>;
}
