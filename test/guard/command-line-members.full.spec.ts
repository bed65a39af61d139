import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { atTerminal, runCommandLine } from '../support/command-line.js';
import { eventually } from '../support/eventually.js';
import { addPerson, createOrganisation, type Organisation } from '../support/organisation.js';
import { memberWithKeys, revocationsOf, unrevokedRows } from '../support/removals.js';
import { startService, type Service } from '../support/service.js';
import { startSmtp, type Smtp } from '../support/smtp.js';

const unique = () => randomBytes(5).toString('hex');

describe('members and organisations on the command line', () => {
  let smtp: Smtp;
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    smtp = await startSmtp();
    const publicUrl = 'https://keys.example.com';
    service = await startService({ settings: { ...smtp.settings, publicUrl } });
    org = await createOrganisation(service);
  });
  afterAll(async () => {
    await service.stop();
    await smtp.close();
  });

  const run = (args: string[], { key = org.manager.key } = {}) =>
    runCommandLine(service.url, args, { key });

  it('adds a person, says what happens next, and shows the invitation', async () => {
    const email = `ada-${unique()}@example.com`;
    const added = await run([
      ...['members', 'add', '--email', email, '--name', 'Ada', '--grant', 'telemetry:read'],
    ]);
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect(added.stdout).toMatch(/^Role +member$/m);
    expect(added.stdout).toMatch(/^Grants +telemetry:read$/m);
    expect(added.stdout).toMatch(/^An invitation is mailed if/m);
    const [id = ''] = /usr_\w+/.exec(added.stdout) ?? [];
    const shown = await run(['members', 'show', email]);
    expect(shown.stdout).toMatch(new RegExp(`^Member +${id}$`, 'm'));
    expect(shown.stdout).toMatch(/^Active keys +0$/m);
    const again = await run(['members', 'add', '--email', email, '--name', 'Ada']);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/member already/) });
  });

  it('adds a service account', async () => {
    const args = ['members', 'add', '--service', '--name', 'ci', '--all-grants', '--json'];
    const inOrg = ['--org', org.id];
    const { values } = await run([...args, ...inOrg], { key: service.operator.key });
    expect(values).toMatchObject([{ kind: 'service', email: null, role: 'member', grants: null }]);
    const listed = await run(['members', 'list', '--kind', 'service', '--search', 'ci']);
    expect(listed.stdout).toMatch(/^ID +NAME +E-MAIL +ROLE +GRANTS +ADDED\nusr_\w+ +ci +service/);
    expect(listed.stdout).toMatch(/\n1 member\.\n$/);
  });

  it('lists all members', async () => {
    const { values } = await run(['members', 'list', '--json', '--role', 'manager']);
    expect(values).toMatchObject([{ userId: org.manager.userId, role: 'manager' }]);
  });

  it('changes role and grants, and leaves what is not given', async () => {
    const { userId, email } = await addPerson(service, org.id, 'member');
    const only = ['--grant', 'telemetry:read,telemetry:write'];
    const granted = await run(['members', 'change', userId, ...only, '--json']);
    const grants = ['telemetry:read', 'telemetry:write'];
    expect(granted.values).toMatchObject([{ role: 'member', grants }]);
    const promoted = await run(['members', 'change', email, '--role', 'manager', '--json']);
    expect(promoted.values).toMatchObject([{ role: 'manager', grants }]);
    const none = await run(['members', 'change', userId, '--grant', '', '--json']);
    expect(none.values).toMatchObject([{ role: 'manager', grants: [] }]);
    const args = ['members', 'change', userId, '--all-grants'];
    const all = await run([...args, '--org', org.id], { key: service.operator.key });
    expect(all.stdout).toMatch(/^Grants +all of the organisation$/m);
  });

  it('invites again those who have not come, and nobody else', async () => {
    const email = `bo-${unique()}@example.com`;
    await run(['members', 'add', '--email', email, '--name', 'Bo']);
    await eventually(() => smtp.invitations.some(({ recipient }) => recipient === email));
    const shown = await run(['members', 'show', email]);
    expect(shown.stdout).toMatch(/^Invitation +(sent|waiting), 20/m);
    const soon = await run(['members', 'invite', email]);
    expect(soon).toMatchObject({ code: 1, stdout: '' });
    await service.db.query("UPDATE deliveries SET created_at = created_at - interval '1 hour'");
    const invited = await run(['members', 'invite', email]);
    expect(invited).toMatchObject({ code: 0, stdout: expect.stringMatching(/mailed again\.\n$/) });
  });

  it('removes a member only if that is confirmed', async () => {
    const { userId, key } = await addPerson(service, org.id, 'member');
    const refused = await run(['members', 'remove', userId]);
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/--yes/) });
    expect((await service.as(key).get('/v1/whoami')).status).toBe(200);
    const removed = await run(['members', 'remove', userId, '--yes']);
    expect(removed).toMatchObject({
      code: 0,
      stdout: `A member (${userId}) is removed. Keys that ended: 1.\n`,
    });
    expect((await service.as(key).get('/v1/whoami')).status).toBe(401);
    const again = await run(['members', 'remove', userId, '--yes']);
    expect(again.stderr).toBe('There is no such member, or your key may not see it.\n');
  });

  it('asks at a terminal, and takes everything but yes as no', async () => {
    const { userId } = await addPerson(service, org.id, 'member');
    const ask = (reply: string) =>
      atTerminal(service.url, ['members', 'remove', userId], {
        key: org.manager.key,
        replies: { '[y/N]': reply },
      });
    for (const no of ['\n', 'n\n', '\x03', '\x04']) {
      const { code, output } = await ask(no);
      expect(output).toContain('Remove A member? 1 key of theirs will stop working. [y/N]');
      expect({ no, code }).toEqual({ no, code: 1 });
      expect(output).toContain('Nothing was changed.');
    }
    const { code, output } = await ask('y\n');
    expect({ code, isRemoved: output.includes('is removed') }).toEqual({
      code: 0,
      isRemoved: true,
    });
  });

  it('revokes all keys of a member, waits until it is over, and says how far it is', async () => {
    const person = await memberWithKeys(service, org, 200);
    const args = ['members', 'revoke-keys', person.email, '--reason', 'stolen'];
    expect(await run(args)).toMatchObject({ code: 2, stderr: expect.stringMatching(/--yes/) });
    expect(await unrevokedRows(service.db, person.userId)).toBe(200);
    const { code, stdout, stderr } = await run([...args, '--yes']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^50 keys are revoked\.\n[^]*All of the keys are revoked\.\n$/);
    expect(await unrevokedRows(service.db, person.userId)).toBe(0);
    expect((await service.as(person.key).get('/v1/whoami')).status).toBe(401);
    const [found] = await revocationsOf(service.db, person.userId);
    expect(found).toMatchObject({ reason: 'stolen', events: 1, byUserId: org.manager.userId });
    const again = await run([...args, '--yes', '--json']);
    expect(again.values).toMatchObject([{ revoked: 0, remaining: 0 }]);
  });

  it('asks how sure a member is who means the own keys, the last of which the command uses', async () => {
    const person = await memberWithKeys(service, org, 60);
    const { code, output } = await atTerminal(
      service.url,
      ['members', 'revoke-keys', person.userId],
      { key: person.key, replies: { '[y/N]': 'y\n' } },
    );
    expect(output).toContain(
      `Revoke all keys of ${person.userId}? 60 keys will stop working. [y/N]`,
    );
    expect(output).toContain('The key that you use here is refused now. It comes last.');
    expect(code).toBe(0);
    expect(await unrevokedRows(service.db, person.userId)).toBe(0);
    const other = await run(['members', 'revoke-keys', org.manager.userId, '--yes'], {
      key: org.member.key,
    });
    expect(other).toMatchObject({
      code: 1,
      stderr: 'There is no such member, or your key may not see it.\n',
    });
  });

  it('creates, lists, suspends and resumes organisations for operators', async () => {
    const { key } = service.operator;
    const slug = `acme-${unique()}`;
    const named = ['--name', 'Acme', '--slug', slug, '--grant', 'telemetry:read'];
    const created = await run(['orgs', 'create', ...named, '--json'], { key });
    expect(created.values).toMatchObject([{ slug, name: 'Acme', grants: ['telemetry:read'] }]);
    const id = String(created.values[0]?.id);
    const taken = await run(['orgs', 'create', ...named], { key });
    expect(taken).toMatchObject({ code: 1, stderr: 'Another organisation has this slug.\n' });

    const listed = await run(['orgs', 'list'], { key });
    expect(listed.stdout).toMatch(new RegExp(`^${id} +${slug} +Acme +active +customer +20`, 'm'));
    const refused = await run(['orgs', 'suspend', id], { key });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/--yes/) });
    const suspended = await run(['orgs', 'suspend', id, '--yes'], { key });
    expect(suspended.stdout).toBe(`Acme (${id}) is suspended. All of its keys are refused.\n`);
    const shown = await run(['orgs', 'show', id], { key });
    expect(shown.stdout).toMatch(/^Status +suspended$/m);
    const resumed = await run(['orgs', 'resume', id, '--json'], { key });
    expect(resumed.values).toMatchObject([{ id, status: 'active' }]);
  });

  it('asks before it suspends an organisation', async () => {
    const other = await createOrganisation(service);
    const { output } = await atTerminal(service.url, ['orgs', 'suspend', other.id], {
      key: service.operator.key,
      replies: { '[y/N]': 'yes\n' },
    });
    expect(output).toContain(`Suspend The ${other.slug}? All of its keys are refused`);
    expect((await other.manager.get('/v1/whoami')).status).toBe(401);
  });
});
