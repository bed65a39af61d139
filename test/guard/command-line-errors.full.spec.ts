import { createServer } from 'node:http';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { atTerminal, commandLine, runCommandLine } from '../support/command-line.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { cleanEnvironment } from '../support/process.js';
import type { Service } from '../support/service.js';
import { shareService } from '../support/shared-service.js';

const missing = 'key_01h455vb4pex5vsknk084sn02q';

/** All commands, by their groups. */
const commands = [
  ...['list', 'show', 'create', 'change', 'revoke'].map((name) => ['keys', name]),
  ...['list', 'show', 'add', 'change', 'invite', 'remove'].map((name) => ['members', name]),
  ...['list', 'show', 'create', 'suspend', 'resume'].map((name) => ['orgs', name]),
  ['check'],
  ['audit'],
];

describe('what the command line refuses', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const run = (args: string[], { key = org.manager.key, url = service.url } = {}) =>
    runCommandLine(url, args, { key });

  async function expectRefusals(
    code: number,
    refusals: [string[], string | RegExp][],
    key?: string,
  ): Promise<void> {
    for (const [args, message] of refusals) {
      const outcome = await run(args, key === undefined ? {} : { key });
      const [sentence = ''] = outcome.stderr.split('\n');
      expect({ args, code: outcome.code, stdout: outcome.stdout }).toEqual({
        args,
        code,
        stdout: '',
      });
      expect(sentence).toMatch(message);
      expect(sentence).toMatch(/^[A-Z-].*\.$|^\S+ has no option|^\w+ takes|^\w+ has the commands/);
      expect(outcome.stderr).not.toMatch(/\n +at |\.js:/);
    }
  }

  it('has a help for each command, group, and all', async () => {
    for (const words of commands) {
      const { code, stdout, stderr } = await run([...words, '--help'], { key: '' });
      expect({ words, code, stderr }).toEqual({ words, code: 0, stderr: '' });
      expect(stdout).toMatch(new RegExp(`^keyfence ${words.join(' ')}[^]*--json`));
    }
    const group = await run(['members', '--help'], { key: '' });
    expect(group.stdout).toMatch(/^ +members remove <member> /m);
    const { stdout } = await run(['--help'], { key: '' });
    for (const words of commands) expect(stdout).toMatch(new RegExp(`^ +${words.join(' ')} `, 'm'));
  });

  it('ends with 2 for a wrong command line, and names the help', async () => {
    await expectRefusals(2, [
      [[], 'There is no command.'],
      [['steal'], 'There is no such command.'],
      [['toString'], 'There is no such command.'],
      [['members'], 'members has the commands list, show, add'],
      [['members', 'constructor'], 'members has the commands'],
      [['create', '--name', 'x'], '--scope is missing.'],
      [['revoke'], 'The <key id> is missing.'],
      [['revoke', missing, missing], 'revoke takes one word'],
      [['list', missing], 'list takes no word'],
      [['list', '--name', 'x'], 'list has no option --name.'],
      [['list', '--colour'], 'There is no option --colour.'],
      [['list', '--state'], '--state needs a value'],
      [['list', '--json=yes'], '--json takes no value.'],
      [['list', '--tag', 'a', '--tag', 'b'], '--tag can be given once.'],
      [['list', '--limit', '0'], '--limit takes a number, 1 or more.'],
      [['create', '--name', 'x', '--scope', 'read', '--days', 'many'], '--days takes a number'],
      [
        ['create', '--name', 'x', '--scope', 'read', '--days', '1', '--expires', 'never'],
        'Give --days or --expires, not both.',
      ],
      [['change', missing], 'There is nothing to change'],
      [['members', 'change', org.member.userId], 'There is nothing to change'],
      [['members', 'add', '--name', 'x'], '--email is missing.'],
      [['orgs', 'create', '--name', 'x'], '--slug is missing.'],
      [['revoke', '..'], 'An id has only letters'],
      [['revoke', '../../members'], 'An id has only letters'],
      [['members', 'remove', '', '--yes'], 'An id has only letters'],
    ]);
    const { stderr } = await run(['members', 'add', '--nick', 'x']);
    expect(stderr).toBe('There is no option --nick.\nSee keyfence --help.\n');
    const named = await run(['keys', 'create', '--name', 'x']);
    expect(named.stderr).toBe('--scope is missing.\nSee keyfence keys create --help.\n');
  });

  it('names the option that Keyfence refuses, and ends with 1', async () => {
    const create = ['create', '--name', 'x', '--scope', 'read'];
    await expectRefusals(1, [
      [['create', '--name', 'x', '--scope', 'all'], /^--scope must be/],
      [[...create, '--days', '99999'], /^--days must be/],
      [[...create, '--expires', 'soon'], /^--expires must be a date such as/],
      [[...create, '--permission', 'telemetry:read,nonsense'], /^--permission number 2 must/],
      [[...create, '--allowed-ip', '300.1.1.1'], /^--allowed-ip must/],
      [[...create, '--tag', 'a b'], /^--tag must/],
      [[...create, '--owner', 'nobody'], /^--owner must be an id/],
      [[...create, '--owner', 'no@example.com'], /^No member of this organisation has/],
      [['list', '--state', 'lost', '--sort', 'age'], /^--state must .*; --sort must/],
      [['members', 'add', '--email', 'no', '--name', 'x'], /^--email must be an e-mail/],
      [['members', 'change', org.member.userId, '--role', 'king'], /^--role must/],
      [['members', 'change', org.member.userId, '--grant', 'a b'], /^--grant /],
      [['audit', '--from', 'monday'], /^--from must/],
      [['revoke', missing], 'There is no such key, or your key may not see it.'],
    ]);
  });

  it('says what a key may not do, and who can help', async () => {
    const remove = ['members', 'remove', org.manager.userId, '--yes'];
    const { key } = org.member;
    await expectRefusals(
      1,
      [
        [['members', 'list'], /^Your key lacks the permission members:read\. These managers/],
        [
          remove,
          /^Your key lacks the permission members:admin\. These managers can help: A manager/,
        ],
        [['orgs', 'list'], /^Your key lacks the permission orgs:read/],
        [['orgs', 'suspend', org.id, '--yes'], /permission orgs:admin|no such organisation/],
      ],
      key,
    );
    const { stderr } = await run(['members', 'list', '--json'], { key });
    expect(JSON.parse(stderr)).toMatchObject({ code: 'insufficient_permission', status: 403 });
  });

  it('shows and changes nothing of another organisation', async () => {
    const at = ['--org', other.id];
    const none = 'There is no such organisation';
    await expectRefusals(1, [
      [['list', ...at], none],
      [['create', '--name', 'x', '--scope', 'read', ...at], none],
      [['show', other.member.keyId], 'There is no such key'],
      [['show', other.member.keyId, ...at], 'There is no such key'],
      [['revoke', other.member.keyId, ...at], 'There is no such key'],
      [['change', other.member.keyId, '--name', 'x'], 'There is no such key'],
      [['members', 'list', ...at], none],
      [['members', 'show', other.member.userId], 'There is no such member'],
      [['members', 'remove', other.member.userId, '--yes', ...at], 'There is no such member'],
      [['orgs', 'show', other.id], none],
      [['audit', ...at], none],
    ]);
    expect((await other.member.get('/v1/whoami')).status).toBe(200);
  });

  it('takes no secret as an argument, sends none, and shows none', async () => {
    const { secret } = await createKey(org.member, org);
    for (const args of [
      ['list', '--key', secret],
      ['revoke', secret],
      ['list', `--search=${secret}`],
      ['check', secret],
      [`--${secret}`],
      ['create', '--name', `for ${secret}`, '--scope', 'read'],
    ]) {
      const { code, stdout, stderr } = await run(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^An argument has the secret of a key\./);
      expect(stderr).not.toContain(secret);
    }
  });

  it('says that a key is not valid, or that it can be none', async () => {
    const invalid = 'The key is not valid: it is unknown, has expired or was revoked.\n';
    expect(await run(['list'], { key: 'nonsense' })).toMatchObject({ code: 1, stderr: invalid });
    const { stderr } = await run(['check'], { key: 'two words' });
    expect(stderr).toBe('The key has spaces or other characters that no key has.\n');
  });

  it('reads a key at a terminal without showing it', async () => {
    const { output, code } = await atTerminal(service.url, ['check'], {
      key: '',
      replies: { 'The key to check: ': `${org.member.key}\n` },
    });
    expect(code).toBe(0);
    expect(output).toMatch(/^Owner +A member \(usr_/m);
  });

  it('says in a sentence that nothing, or something else, is at the URL', async () => {
    const bad = createServer((_request, response) => response.end('<html>hello \u001b[2J'));
    bad.listen(0, '127.0.0.1');
    await once(bad, 'listening');
    const { port } = bad.address() as AddressInfo;
    const url = `http://user:hidden@127.0.0.1:${port}`;
    const elsewhere = await run(['list'], { url });
    expect(elsewhere.code).toBe(1);
    const end = `KEYFENCE_URL says where Keyfence is: http://127.0.0.1:${port}`;
    expect(elsewhere.stderr).toMatch(/^The response \(200\) does not belong to the request: .*\n$/);
    expect(elsewhere.stderr).toContain(end);
    bad.close();
    const nowhere = await run(['list'], { url });
    expect(nowhere.code).toBe(1);
    expect(nowhere.stderr).toMatch(/^Keyfence cannot be reached \(ECONNREFUSED\)\. KEYFENCE_URL/);
    const { stderr } = await run(['list'], { url: 'keys.example.com' });
    expect(stderr).toBe('KEYFENCE_URL is not a URL that begins with http:// or https://.\n');
  });

  it('ends quietly when nobody reads on', async () => {
    const variables = { KEYFENCE_URL: service.url, KEYFENCE_KEY: org.manager.key };
    const words = `'${process.execPath}' '${commandLine}' list`;
    const child = spawn('bash', ['-c', `${words} | true; echo "\${PIPESTATUS[0]}"`], {
      env: cleanEnvironment(variables),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    await once(child, 'close');
    expect(output).toBe('0\n');
  });
});
