import { setTimeout as delay } from 'node:timers/promises';
import type { components } from '../schema.js';
import { path } from './api.js';
import type { Command, Run } from './command.js';
import { asJson, inOrg, orgOf } from './shared.js';
import type { Column } from './table.js';
import { secondOf } from './text.js';

type AuditEvent = components['schemas']['AuditEvent'];

const pause = 2_000;
const usual = 20;

const actorOf = ({ actor }: AuditEvent) =>
  actor.userId ?? actor.keyId ?? actor.kind.replace('_', ' ');

type State = Readonly<Record<string, unknown>> | null;

const said = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** What was created or removed, or what was changed from which value to which. */
function changeOf({ before, after }: { before: State; after: State }): string {
  if (before === null || after === null) return said((after ?? before ?? {}).name ?? '');
  return Object.entries(after)
    .filter(([field, value]) => said(value) !== said(before[field]))
    .map(([field, value]) => `${field}: ${said(before[field] ?? null)} → ${said(value)}`)
    .join(', ');
}

// Events that come later are aligned with these.
const columns: Column<AuditEvent>[] = [
  { title: 'TIME (UTC)', of: ({ at }) => secondOf(at), least: 19 },
  { title: 'ACTION', of: ({ action }) => action, least: 22 },
  { title: 'BY', of: actorOf, least: 30 },
  { title: 'TARGET', of: ({ targetId }) => targetId, least: 30 },
  { title: 'CHANGE', of: changeOf, isElastic: true },
];

interface Log {
  path: string;
  query: Record<string, string | undefined>;
}

/** The latest events in the order of time, and whether there are earlier ones. */
async function latest({ api }: Run, log: Log, most: number) {
  const events: AuditEvent[] = [];
  let hasMore = false;
  for await (const page of api.pages<AuditEvent>(log.path, log.query, most)) {
    events.push(...page.items);
    hasMore = page.nextCursor !== null;
  }
  return { events: events.reverse(), hasMore };
}

/** Events since this one in the order of time; all when there was none. */
async function since({ api }: Run, log: Log, last: string | undefined): Promise<AuditEvent[]> {
  const fresh: AuditEvent[] = [];
  // The latest come first; new events are before those already seen.
  for await (const { items } of api.pages<AuditEvent>(log.path, log.query)) {
    const known = items.findIndex(({ id }) => id === last);
    fresh.push(...(known < 0 ? items : items.slice(0, known)));
    if (known >= 0) break;
  }
  return fresh.reverse();
}

async function follow(run: Run, log: Log, first: string | undefined): Promise<never> {
  const { printer } = run;
  let last = first;
  for (;;) {
    await delay(pause);
    const fresh = await since(run, log, last);
    if (printer.isJson) for (const event of fresh) printer.result(event, () => undefined);
    else printer.moreRows(columns, fresh);
    last = fresh.at(-1)?.id ?? last;
  }
}

export const audit: Command = {
  about: 'the latest events of the audit log, and with --follow those to come',
  target: 'organisation',
  options: {
    follow: { about: 'waits for new events' },
    limit: { value: '<number>', about: `so many of the latest; ${usual} without it` },
    action: { value: '<action>', about: 'only this one: key.revoked' },
    actor: { value: '<id>', about: 'only what this user or key did' },
    target: { value: '<id>', about: 'only what was done to this key, user or organisation' },
    from: { value: '<instant>', about: 'the beginning: 2027-01-31T12:00:00Z' },
    to: { value: '<instant>', about: 'the end' },
    ...inOrg,
    ...asJson,
  },
  run: async (run) => {
    const { words, printer } = run;
    const names = ['action', 'actor', 'target', 'from', 'to'];
    const log = {
      path: path`/v1/orgs/${await orgOf(run)}/audit-events`,
      query: Object.fromEntries(names.map((name) => [name, words.text(name)])),
    };
    const { events, hasMore } = await latest(run, log, words.count('limit') ?? usual);
    if (printer.isJson) for (const event of events) printer.result(event, () => undefined);
    else if (events.length > 0 || words.flag('follow')) printer.table(columns, events);
    if (hasMore) printer.note(`The latest ${events.length} events: there are more. See --limit.`);
    else if (events.length === 0) printer.note('No events.');
    if (words.flag('follow')) await follow(run, log, events.at(-1)?.id);
  },
};
