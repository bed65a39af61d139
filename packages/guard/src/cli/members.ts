import type { components } from '../schema.js';
import { path } from './api.js';
import { UsageError, type Command, type Options, type Run } from './command.js';
import { confirm, confirmed } from './confirm.js';
import type { Detail } from './printer.js';
import { revokeMemberKeys } from './revoke-member-keys.js';
import { asJson, given, inOrg, limited, orgOf, printList, userIdOf } from './shared.js';
import type { Column } from './table.js';
import { dayOf, minuteOf } from './text.js';

type Member = components['schemas']['Member'];
type MemberDetails = components['schemas']['MemberDetails'];

const grantsIn = ({ grants }: Member) => grants?.join(' ') ?? 'all of the organisation';

const columns: Column<Member>[] = [
  { title: 'ID', of: ({ userId }) => userId },
  { title: 'NAME', of: ({ name }) => name, isElastic: true },
  { title: 'E-MAIL', of: ({ email }) => email ?? 'service account', isElastic: true },
  { title: 'ROLE', of: ({ role, pending }) => (pending ? `${role}, pending` : role) },
  { title: 'GRANTS', of: grantsIn, isElastic: true, spare: 2 },
  { title: 'ADDED', of: ({ createdAt }) => dayOf(createdAt), spare: 1 },
];

function detailsOf(member: Member): Detail[] {
  return [
    ['Member', member.userId],
    ['Name', member.name],
    ['E-mail', member.email ?? 'none: a service account'],
    ['Role', member.role],
    ['Grants', member.grants?.length === 0 ? 'none' : grantsIn(member)],
    ['Added', minuteOf(member.createdAt)],
    ['Pending', member.pending ? 'has not opened the organisation in the console yet' : null],
  ];
}

function invitationOf({ invitation }: MemberDetails): string | null {
  if (invitation === null) return null;
  const { state, createdAt } = invitation;
  const said = state === 'logged' ? 'only logged: there is no mail server' : state;
  return `${said}, ${minuteOf(createdAt)}`;
}

const role = { value: '<role>', about: 'manager or member' };

const rights: Options = {
  role,
  grant: {
    value: '<permission>',
    isList: true,
    about: "only this data permission; '' for none",
    field: 'grants',
  },
  'all-grants': { about: 'all data permissions of the organisation, now and later' },
};

/** The grants that are named; undefined when none are. */
function grantsOf({ words }: Run): string[] | null | undefined {
  words.assertOneOf('grant', 'all-grants');
  return words.flag('all-grants') ? null : words.list('grant');
}

/** The path of the member that the command line names. */
async function memberPath(run: Run): Promise<string> {
  const org = await orgOf(run);
  return path`/v1/orgs/${org}/members/${await userIdOf(run, org, run.words.operand())}`;
}

function print({ printer }: Run, member: Member, ...more: string[]): void {
  printer.result(member, () => {
    printer.details(detailsOf(member));
    for (const line of more) printer.line(line);
  });
}

const list: Command = {
  about: 'all members of the organisation',
  target: 'organisation',
  options: {
    search: { value: '<text>', about: 'a part of the name or the e-mail address' },
    role,
    kind: { value: '<kind>', about: 'person or service' },
    ...limited,
    ...inOrg,
    ...asJson,
  },
  run: async (run) => {
    const query = Object.fromEntries(
      ['search', 'role', 'kind'].map((name) => [name, run.words.text(name)]),
    );
    const org = await orgOf(run);
    const nouns: [string, string] = ['member', 'members'];
    await printList<Member>(run, { path: path`/v1/orgs/${org}/members`, query, columns, nouns });
  },
};

const who = { operand: '<member>', target: 'member' };
const ofMember = 'The member is named by the id, or by the e-mail address.';

const show: Command = {
  ...who,
  about: 'a member, the invitation, and how many keys they have',
  options: { ...inOrg, ...asJson },
  notes: ofMember,
  run: async (run) => {
    const { printer } = run;
    const member = await run.api.get<'getMember'>(await memberPath(run));
    printer.result(member, () => {
      printer.details([
        ...detailsOf(member),
        ['Invitation', invitationOf(member)],
        ['Active keys', String(member.activeKeys)],
      ]);
    });
  },
};

const add: Command = {
  about: 'adds a person, or a service account',
  needs: ['name'],
  target: 'organisation',
  options: {
    email: { value: '<address>', about: 'the e-mail address of the person' },
    service: { about: 'a service account, instead of a person' },
    name: { value: '<name>', about: 'the name that members see' },
    ...rights,
    ...inOrg,
    ...asJson,
  },
  notes: '--name is needed, --email or --service as well. The role is member without --role.',
  run: async (run) => {
    const { words, api } = run;
    words.assertOneOf('email', 'service');
    const [name, grants] = [words.text('name'), grantsOf(run)];
    const isService = words.flag('service');
    const email = isService ? undefined : words.needed('email');
    const org = await orgOf(run);
    const body = given({ email, name, role: words.text('role') ?? 'member', grants });
    if (isService) {
      const of = path`/v1/orgs/${org}/service-accounts`;
      print(run, await api.create<'addServiceAccount'>(of, body));
      return;
    }
    const member = await api.create<'addMember'>(path`/v1/orgs/${org}/members`, body);
    const next = `keyfence members show ${member.userId}`;
    const mailed = `An invitation is mailed if this Keyfence has a mail server: ${next} says so.`;
    print(run, member, ...(member.pending ? ['', mailed] : []));
  },
};

const change: Command = {
  ...who,
  about: 'another role or other grants',
  options: { ...rights, ...inOrg, ...asJson },
  notes: `${ofMember} What is not given stays as it is.`,
  run: async (run) => {
    const { words, api } = run;
    const [next, grants] = [words.text('role'), grantsOf(run)];
    if (next === undefined && grants === undefined) {
      throw new UsageError('There is nothing to change: give --role, --grant or --all-grants.');
    }
    const of = await memberPath(run);
    // The API sets both at once.
    const old = await api.get<'getMember'>(of);
    const body = { role: next ?? old.role, grants: grants === undefined ? old.grants : grants };
    print(run, await api.set<'putMember'>('PUT', of, body));
  },
};

const invite: Command = {
  ...who,
  about: 'mails the invitation again',
  options: { ...inOrg, ...asJson },
  notes: ofMember,
  run: async (run) => {
    const member = await run.api.act<'inviteMember'>(`${await memberPath(run)}/invite`);
    print(run, member, '', 'The invitation is mailed again.');
  },
};

const remove: Command = {
  ...who,
  about: 'removes a member; all of their keys here stop working',
  options: { ...confirmed, ...inOrg, ...asJson },
  notes: ofMember,
  run: async (run) => {
    const { printer, api } = run;
    let of: string | undefined;
    await confirm(run, async () => {
      of = await memberPath(run);
      const { name, activeKeys } = await api.get<'getMember'>(of);
      return `Remove ${name}? ${activeKeys === 1 ? '1 key' : `${activeKeys} keys`} of theirs will stop working.`;
    });
    const removed = await api.set<'removeMember'>('DELETE', of ?? (await memberPath(run)));
    printer.result(removed, () => {
      const { total } = removed.revokedKeys;
      printer.line(`${removed.name} (${removed.userId}) is removed. Keys that ended: ${total}.`);
    });
  },
};

export const members = {
  about: 'people and service accounts of an organisation',
  commands: { list, show, add, change, invite, 'revoke-keys': revokeMemberKeys, remove },
};
