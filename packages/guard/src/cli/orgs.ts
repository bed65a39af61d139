import type { components } from '../schema.js';
import { path } from './api.js';
import type { Command, Run } from './command.js';
import { confirm, confirmed } from './confirm.js';
import type { Detail } from './printer.js';
import { asJson, given, limited, printList } from './shared.js';
import type { Column } from './table.js';
import { dayOf, minuteOf } from './text.js';

type Org = components['schemas']['Org'];

const columns: Column<Org>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'SLUG', of: ({ slug }) => slug, isElastic: true },
  { title: 'NAME', of: ({ name }) => name, isElastic: true },
  { title: 'STATUS', of: ({ status }) => status },
  { title: 'KIND', of: ({ kind }) => kind, spare: 2 },
  { title: 'CREATED', of: ({ createdAt }) => dayOf(createdAt), spare: 1 },
];

function detailsOf({ policy, ...org }: Org): Detail[] {
  return [
    ['Organisation', org.id],
    ['Name', org.name],
    ['Slug', org.slug],
    ['Kind', org.kind],
    ['Status', org.status],
    ['Data permissions', org.grants.length === 0 ? 'none' : org.grants.join(' ')],
    ['Created', minuteOf(org.createdAt)],
    ['Default expiration', `${policy.defaultExpiryDays} days`],
    ['Longest lifetime', `${policy.maxLifetimeDays} days`],
    ['Keys without an end', policy.allowNoExpiry ? 'allowed' : 'not allowed'],
    ['Keys of members', policy.memberKeys === 'own' ? 'they create their own' : 'only by managers'],
    [
      'Most live keys',
      `${policy.bounds.maxKeysPerOrg}, ${policy.bounds.maxKeysPerMember} a member`,
    ],
  ];
}

const orgPath = ({ words }: Run) => path`/v1/orgs/${words.operand()}`;

function print({ printer }: Run, org: Org): void {
  printer.result(org, () => {
    printer.details(detailsOf(org));
  });
}

const list: Command = {
  about: 'all organisations',
  target: 'organisation',
  options: { ...limited, ...asJson },
  run: async (run) => {
    const nouns: [string, string] = ['organisation', 'organisations'];
    await printList<Org>(run, { path: '/v1/orgs', query: {}, columns, nouns });
  },
};

const which = { operand: '<organisation id>', target: 'organisation' };

const show: Command = {
  ...which,
  about: 'an organisation and its key policy',
  options: asJson,
  run: async (run) => {
    print(run, await run.api.get<'getOrg'>(orgPath(run)));
  },
};

const create: Command = {
  about: 'a new organisation',
  needs: ['name', 'slug'],
  target: 'organisation',
  options: {
    name: { value: '<name>', about: 'its name' },
    slug: { value: '<slug>', about: 'its short name: lower-case letters, digits and hyphens' },
    grant: {
      value: '<permission>',
      isList: true,
      about: 'a data permission that it holds',
      field: 'grants',
    },
    ...asJson,
  },
  notes: '--name and --slug are needed. Without --grant its keys can do nothing in your services.',
  run: async (run) => {
    const { words } = run;
    const [name, slug, grants] = [words.text('name'), words.text('slug'), words.list('grant')];
    const body = given({ name, slug, grants });
    print(run, await run.api.create<'createOrg'>('/v1/orgs', body));
  },
};

const suspend: Command = {
  ...which,
  about: 'refuses all keys of an organisation until it is resumed',
  options: { ...confirmed, ...asJson },
  run: async (run) => {
    const { api, printer } = run;
    await confirm(run, async () => {
      const { name } = await api.get<'getOrg'>(orgPath(run));
      return `Suspend ${name}? All of its keys are refused until it is resumed.`;
    });
    const org = await api.act<'suspendOrg'>(`${orgPath(run)}/suspend`);
    printer.result(org, () => {
      printer.line(`${org.name} (${org.id}) is suspended. All of its keys are refused.`);
    });
  },
};

const resume: Command = {
  ...which,
  about: 'accepts the keys of a suspended organisation again',
  options: asJson,
  run: async (run) => {
    const { api, printer } = run;
    const org = await api.act<'resumeOrg'>(`${orgPath(run)}/resume`);
    printer.result(org, () => {
      printer.line(`${org.name} (${org.id}) is active. Its keys are accepted again.`);
    });
  },
};

export const orgs = {
  about: 'organisations, for operators',
  commands: { list, show, create, suspend, resume },
};
