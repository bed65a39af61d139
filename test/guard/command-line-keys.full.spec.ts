import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { atTerminal, runCommandLine } from '../support/command-line.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import type { Service } from '../support/service.js';
import { shareService } from '../support/shared-service.js';

describe('keys on the command line', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const run = (args: string[], { key = org.manager.key } = {}) =>
    runCommandLine(service.url, args, { key });

  it('are created with every option, and shown', async () => {
    const created = await run([
      ...['keys', 'create', '--name', 'nightly export', '--scope', 'read-write'],
      ...['--expires', '2027-02-28', '--owner', org.member.email, '--data-only', '--json'],
      ...['--permission', 'telemetry:read,telemetry:write', '--allowed-ip', '192.0.2.0/24'],
      ...['--allowed-ip', '127.0.0.1/32', '--description', 'For reports.\nAsk Ada.'],
      ...['--tag', 'Nightly', '--tag', 'reports'],
    ]);
    expect(created).toMatchObject({ code: 0, stderr: '' });
    const [{ key }] = created.values as [{ key: Record<string, unknown> }];
    expect(key).toMatchObject({
      name: 'nightly export',
      scope: 'read-write',
      ownerId: org.member.userId,
      management: false,
      permissions: ['telemetry:read', 'telemetry:write'],
      allowedIps: ['192.0.2.0/24', '127.0.0.1/32'],
      description: 'For reports.\nAsk Ada.',
      tags: ['nightly', 'reports'],
    });
    const { stdout } = await run(['show', String(key.id)]);
    expect(stdout).toMatch(/^Name +nightly export\n/m);
    expect(stdout).toMatch(/^Description +For reports\.\n +Ask Ada\.\n/m);
    expect(stdout).toMatch(/^Tags +nightly reports\n/m);
    expect(stdout).toMatch(/^For +data only\n/m);
    expect(stdout).toMatch(/^Expires +2027-0[23]-\d\d \d\d:\d\d UTC\n/m);
    const shown = await run(['keys', 'show', String(key.id), '--json']);
    expect(shown.values).toMatchObject([{ id: key.id, state: 'active' }]);
  });

  it('print their secret once, and only when they are created', async () => {
    const { stdout, code } = await run(['create', '--name', 'once', '--scope', 'read']);
    expect(code).toBe(0);
    const [secret = ''] = /^\S+_[0-9A-Za-z]{42}$/m.exec(stdout) ?? [];
    expect(stdout.split(secret)).toHaveLength(2);
    expect((await service.as(secret).get('/v1/whoami')).status).toBe(200);
    const list = await run(['list']);
    const [id = ''] = /^\S+(?= +once)/m.exec(list.stdout) ?? [];
    const shown = await run(['show', id]);
    expect(shown.stdout).toMatch(/^Name +once\n/m);
    expect(list.stdout + shown.stdout).not.toContain(secret);
  });

  it('are changed, and what they lost does not come back', async () => {
    const { id } = await createKey(org.manager, org, { scope: 'read-write', tags: ['old'] });
    const changed = await run([
      ...[
        'change',
        id,
        '--name',
        'renamed',
        '--scope',
        'read',
        '--expires',
        '2026-12-20T12:00:00Z',
      ],
      ...['--description', 'new', '--tag', '', '--data-only', '--json'],
    ]);
    expect(changed).toMatchObject({ code: 0, stderr: '' });
    expect(changed.values).toMatchObject([
      { name: 'renamed', scope: 'read', description: 'new', tags: [], management: false },
    ]);
    const cleared = await run(['change', id, '--description', '']);
    expect(cleared.stdout).not.toMatch(/^Description/m);
    const wider = await run(['change', id, '--scope', 'admin']);
    expect(wider).toMatchObject({ code: 1, stdout: '' });
    expect(wider.stderr).toMatch(/^[A-Z][^\n]*\.\n$/);
  });

  it('are revoked with a reason that turns no text at a terminal', async () => {
    const { id } = await createKey(org.manager, org, { name: 'leaked one' });
    const { stdout } = await run(['keys', 'revoke', id, '--reason', 'lost \u202eon a train']);
    expect(stdout).toMatch(/^leaked one \(key_\w+\) is revoked\./);
    const shown = await run(['show', id]);
    expect(shown.stdout).toMatch(/^State +revoked$/m);
    expect(shown.stdout).toMatch(/^Revoked because +lost \\u202eon a train$/m);
  });

  it('are listed by search, state, owner, scope and tag, in an order', async () => {
    const made = await createOrganisation(service);
    const { member, manager } = made;
    const input = { name: 'Zeta', ownerId: member.userId, tags: ['x'], scope: 'read' };
    const { id } = await createKey(manager, made, input);
    const second = await createKey(manager, made, { name: 'Alpha zeta', scope: 'read-write' });
    const idsOf = async (...args: string[]) => {
      const { values, code } = await run(['list', '--json', ...args], { key: manager.key });
      expect(code).toBe(0);
      return values.map((key) => key.id);
    };
    expect(await idsOf('--tag', 'x')).toEqual([id]);
    expect(await idsOf('--search', 'ZETA', '--sort', 'name')).toEqual([second.id, id]);
    const descending = ['--sort', 'name', '--order', 'desc'];
    expect(await idsOf('--search', 'zeta', ...descending)).toEqual([id, second.id]);
    expect(await idsOf('--owner', member.email.toUpperCase(), '--scope', 'read')).toEqual([id]);
    expect(await idsOf('--owner', member.userId, '--state', 'revoked')).toEqual([]);
    const none = await run(['list', '--search', 'nothing like it'], { key: manager.key });
    expect(none).toMatchObject({ code: 0, stdout: 'No keys.\n' });
  });

  it('are all listed, or the list says that there are more', async () => {
    const many = await createOrganisation(service);
    const { key } = many.manager;
    for (let n = 0; n < 101; n += 1) await createKey(many.manager, many);
    const all = await run(['list'], { key });
    const lines = all.stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^ID +NAME +SCOPE +STATE +OWNER +EXPIRES +LAST USED/);
    expect(lines.filter((line) => line.startsWith('key_'))).toHaveLength(103);
    expect(lines.at(-1)).toBe('103 keys.');

    const part = await run(['list', '--limit', '102'], { key });
    const last = part.stdout.trimEnd().split('\n').at(-1);
    expect(last).toBe('The first 102 keys: there are more. Without --limit you see all.');
    const parsed = await run(['list', '--limit', '2', '--json'], { key });
    expect(parsed.values).toHaveLength(2);
    expect(parsed.stderr).toMatch(/^The first 2 keys: there are more\./);
    const exact = await run(['list', '--limit', '103'], { key });
    expect(exact.stdout).toMatch(/\n103 keys\.\n$/);
  });

  it('have names that a terminal shows and does not obey, in aligned columns', async () => {
    const odd = await createOrganisation(service);
    const { key } = odd.manager;
    const { id } = await createKey(odd.manager, odd, { name: 'to be hostile' });
    await createKey(odd.manager, odd, { name: '鍵の名前 🔑', tags: ['behind'] });
    // The API refuses such names; SQL by hand does not.
    const hostile = '\u001b]0;owned\u0007\u001b[2J\u009b31m\nkey_forged\u202e';
    await service.db.query('UPDATE api_keys SET name = $1 WHERE id = $2', [hostile, id]);
    const { stdout } = await run(['list'], { key });
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(stdout).toContain('\\u001b]0;owned\\u0007\\u001b[2J\\u009b31m\\u000akey_forged\\u202e');
    expect(stdout.split('\n').filter((line) => line.startsWith('key_'))).toHaveLength(4);
    const shown = await run(['show', id], { key });
    expect(shown.stdout).toMatch(/^Name +\\u001b\]0;owned/m);
    const json = await run(['show', id, '--json'], { key });
    expect(json.stdout).not.toMatch(/[\u007f-\u009f\u202e]/);
    expect(json.values).toMatchObject([{ name: hostile }]);

    // Each of the four takes two columns.
    const lines = stdout.split('\n');
    const at = lines[0]?.indexOf('SCOPE') ?? 0;
    const wide = lines.find((line) => line.includes('鍵')) ?? '';
    expect(wide.indexOf('read')).toBe(at - 4);
  });

  it('are shortened at a narrow terminal, with a sign, and never their ids', async () => {
    const narrow = await createOrganisation(service);
    const name = `the ${'very '.repeat(12)}long name`;
    const { id } = await createKey(narrow.manager, narrow, { name, tags: ['tagged'] });
    const at = (columns: number) =>
      atTerminal(service.url, ['list'], { key: narrow.manager.key, columns });
    const { output } = await at(80);
    expect(output).toMatch(new RegExp(`^${id}  the very [ very]*…  `, 'm'));
    expect(output).toMatch(/^A wider terminal also shows: .*owner.*tags\.$/m);
    for (const line of output.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const wide = await at(220);
    expect(wide.output).toContain(name);
    expect(wide.output).not.toContain('wider terminal');
  });
});
