import type { ResultOf } from '../operations.js';
import type { components } from '../schema.js';
import { path } from './api.js';
import { UsageError, type Command, type Options, type Run } from './command.js';
import type { Detail } from './printer.js';
import { asJson, given, inOrg, limited, orgOf, printList, userIdOf } from './shared.js';
import type { Column } from './table.js';
import { dayOf, minuteOf } from './text.js';

type Key = components['schemas']['Key'];

const scope = { value: '<scope>', about: 'read, read-write or admin' };

const columns: Column<Key>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'NAME', of: ({ name }) => name, isElastic: true },
  { title: 'SCOPE', of: (key) => key.scope, spare: 2 },
  { title: 'STATE', of: ({ state }) => state },
  { title: 'OWNER', of: ({ ownerName }) => ownerName ?? 'no member', isElastic: true, spare: 3 },
  { title: 'EXPIRES', of: ({ expiresAt }) => (expiresAt === null ? 'never' : dayOf(expiresAt)) },
  {
    title: 'LAST USED',
    of: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : dayOf(lastUsedAt)),
    spare: 1,
  },
  { title: 'TAGS', of: ({ tags }) => tags.join(' '), isElastic: true, spare: 4 },
];

const minuteOrNever = (instant: string | null) => (instant === null ? 'never' : minuteOf(instant));

function detailsOf(key: Key): Detail[] {
  return [
    ['Key', key.id],
    ['Name', key.name],
    ['Description', key.description],
    ['Tags', key.tags.length === 0 ? null : key.tags.join(' ')],
    ['State', key.state],
    ['Scope', key.scope],
    ['Permissions', key.permissions?.join(' ') ?? 'all that the owner has in this scope'],
    ['For', key.management ? 'data and management' : 'data only'],
    ['Allowed IPs', key.allowedIps?.join(' ') ?? 'any'],
    ['Secret', key.masked],
    ['Owner', `${key.ownerName ?? 'no longer a member'} (${key.ownerId})`],
    ['Created', minuteOf(key.createdAt)],
    ['Created by', key.createdBy.userId ?? key.createdBy.keyId],
    ['Expires', minuteOrNever(key.expiresAt)],
    ['Last used', minuteOrNever(key.lastUsedAt)],
    ['Last used from', key.lastUsedIp],
    ['Last used with', key.lastUsedUserAgent],
    ['Uses', String(key.uses)],
    ['Revoked', key.revokedAt === null ? null : minuteOf(key.revokedAt)],
    ['Revoked because', key.revokeReason],
  ];
}

const about: Options = {
  name: { value: '<name>', about: 'what uses the key' },
  scope,
  expires: {
    value: '<day>',
    about: 'the last day, or an instant: 2027-01-31 or 2027-01-31T12:00:00Z',
    field: 'expiresAt',
  },
  permission: {
    value: '<permission>',
    isList: true,
    about: 'only this permission',
    field: 'permissions',
  },
  'allowed-ip': {
    value: '<range>',
    isList: true,
    about: 'only from these addresses: 192.0.2.0/24',
    field: 'allowedIps',
  },
  description: { value: '<text>', about: 'what it is for' },
  tag: { value: '<tag>', isList: true, about: 'a word to find it by', field: 'tags' },
  'data-only': {
    about: 'no permission on Keyfence itself, whatever the owner may do',
    field: 'management',
  },
};

/** The fields that are named. Words are checked by Keyfence, which says what is wrong with them. */
function fieldsOf({ words }: Run) {
  const [description, expires] = [words.text('description'), words.text('expires')];
  return given({
    name: words.text('name'),
    scope: words.text('scope'),
    expiresAt: expires === 'never' ? null : expires,
    permissions: words.list('permission'),
    allowedIps: words.list('allowed-ip'),
    description: description === '' ? null : description,
    tags: words.list('tag'),
    management: words.flag('data-only') ? false : undefined,
  });
}

/** The path of the key that the command line names. */
const keyPath = async (run: Run) => path`/v1/orgs/${await orgOf(run)}/keys/${run.words.operand()}`;

const list: Command = {
  about: 'all keys, the newest first',
  target: 'organisation',
  options: {
    search: { value: '<text>', about: 'a part of the name, or the ends of the secret' },
    state: { value: '<state>', about: 'active, expired or revoked' },
    owner: { value: '<member>', about: 'the id or e-mail address of a member' },
    scope,
    tag: { value: '<tag>', about: 'keys with this tag' },
    sort: { value: '<order>', about: 'created, name, expires or lastUsed' },
    order: { value: '<direction>', about: 'asc or desc' },
    ...limited,
    ...inOrg,
    ...asJson,
  },
  run: async (run) => {
    const { words } = run;
    const [org, owner] = [await orgOf(run), words.text('owner')];
    const names = ['search', 'state', 'scope', 'tag', 'sort', 'order'];
    const query = Object.fromEntries(names.map((name) => [name, words.text(name)]));
    await printList<Key>(run, {
      path: path`/v1/orgs/${org}/keys`,
      query: { ...query, owner: owner && (await userIdOf(run, org, owner)) },
      columns,
      nouns: ['key', 'keys'],
    });
  },
};

const show: Command = {
  about: 'everything about a key but its secret',
  operand: '<key id>',
  target: 'key',
  options: { ...inOrg, ...asJson },
  run: async (run) => {
    const key = await run.api.get<'getKey'>(await keyPath(run));
    run.printer.result(key, () => {
      run.printer.details(detailsOf(key));
    });
  },
};

const create: Command = {
  about: 'a new key; prints its secret, once',
  needs: ['name', 'scope'],
  target: 'organisation or owner',
  options: {
    ...about,
    days: { value: '<number>', about: 'how long it works', field: 'expiresInDays' },
    owner: {
      value: '<member>',
      about: 'the id or e-mail address; you without it',
      field: 'ownerId',
    },
    ...inOrg,
    ...asJson,
  },
  notes: `--name and --scope are needed. --expires never is for keys without an end, if the policy allows them.
Without --expires and --days the policy of the organisation decides.`,
  run: async (run) => {
    const { words, printer } = run;
    words.assertOneOf('days', 'expires');
    const expiresInDays = words.count('days');
    const [org, owner] = [await orgOf(run), words.text('owner')];
    const ownerId = owner && (await userIdOf(run, org, owner));
    const body = given({ ...fieldsOf(run), expiresInDays, ownerId });
    const created = await run.api.create<'createKey'>(path`/v1/orgs/${org}/keys`, body);
    printer.result(created, () => {
      printSecret(run, created);
    });
  },
};

function printSecret({ printer }: Run, { key, secret }: ResultOf<'createKey'>): void {
  printer.details(detailsOf(key));
  printer.line();
  printer.line(secret ?? 'The secret was shown before.');
  printer.line();
  printer.line('This is the secret. Store it now: it is not shown again.');
}

const change: Command = {
  about: 'renames, describes, tags or restricts a key',
  operand: '<key id>',
  target: 'key',
  options: { ...about, ...inOrg, ...asJson },
  notes: `Restrictions are permanent: a key never gets back what it lost. --description '' removes the description,
--tag '' all tags; --tag replaces those that are there.`,
  run: async (run) => {
    const body = fieldsOf(run);
    if (Object.keys(body).length === 0) {
      throw new UsageError('There is nothing to change: name at least one option, such as --name.');
    }
    const key = await run.api.set<'changeKey'>('PATCH', await keyPath(run), body);
    run.printer.result(key, () => {
      run.printer.details(detailsOf(key));
    });
  },
};

const revoke: Command = {
  about: 'ends a key, at once and permanently',
  operand: '<key id>',
  target: 'key',
  options: {
    reason: { value: '<text>', about: 'for the audit log' },
    ...inOrg,
    ...asJson,
  },
  run: async (run) => {
    const { printer, words } = run;
    const reason = words.text('reason');
    // In the body, which no proxy logs.
    const body = reason === undefined ? undefined : { reason };
    const key = await run.api.set<'revokeKey'>('DELETE', await keyPath(run), body);
    printer.result(key, () => {
      printer.line(`${key.name} (${key.id}) is revoked. No request with it is accepted any more.`);
      const { total } = key.createdKeys;
      if (total > 0) printer.line(`It has created ${total} that still work. Look at them as well.`);
    });
  },
};

export const keys = {
  about: 'API keys; the word keys can be left out',
  commands: { list, show, create, change, revoke },
};
