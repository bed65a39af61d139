import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { eventually } from '../support/eventually.js';
import { startProgram } from '../support/example.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { cleanEnvironment } from '../support/process.js';
import { projectRoot } from '../support/project.js';
import { startService, type Service } from '../support/service.js';

const script = join(projectRoot, 'packages', 'guard', 'dist', 'cli', 'main.js');

interface Outcome {
  code: number;
  /** What it answered, line by line. */
  values: Record<string, unknown>[];
  stderr: string;
}

const parse = (line: string) => JSON.parse(line) as Record<string, unknown>;

describe('the command line', () => {
  let service: Service;
  let org: Organisation;

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  after(() => service.stop());

  async function run(
    args: string[],
    { key = org.manager.key, input = '' }: { key?: string | undefined; input?: string } = {},
  ): Promise<Outcome> {
    const variables = { KEYFENCE_URL: service.url, ...(key !== '' && { KEYFENCE_KEY: key }) };
    const child = spawn(process.execPath, [script, ...args], { env: cleanEnvironment(variables) });
    child.stdin.end(input);
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number]>,
    ]);
    const isJson = stdout.startsWith('{');
    const lines = isJson ? stdout.trimEnd().split('\n') : [];
    return { code, values: lines.map(parse), stderr };
  }

  it('creates a key, lists it, and revokes it', async () => {
    const created = await run(['create', '--name', 'by hand', '--scope', 'read', '--days', '7']);
    expect(created.code).toBe(0);
    const [{ key, secret }] = created.values as [{ key: { id: string }; secret: string }];
    expect((await service.as(secret).get('/v1/whoami')).status).toBe(200);

    const listed = await run(['list', '--search', 'by hand', '--state', 'active']);
    expect(listed.values).toMatchObject([{ id: key.id, name: 'by hand', scope: 'read' }]);
    expect(JSON.stringify(listed.values)).not.toContain(secret);

    const revoked = await run(['revoke', key.id, '--reason', 'lost']);
    expect(revoked).toMatchObject({ code: 0, values: [{ state: 'revoked' }] });
    expect((await service.as(secret).get('/v1/whoami')).status).toBe(401);
  });

  it('lists more than a page holds', async () => {
    const many = await createOrganisation(service);
    for (let n = 0; n < 101; n += 1) await createKey(many.manager, many);
    const { values } = await run(['list'], { key: many.manager.key });
    expect(new Set(values.map(({ id }) => id)).size).toBe(103);
  });

  it('acts in another organisation for operators', async () => {
    const { values } = await run(['list', '--org', org.id], { key: service.operator.key });
    expect(values.map(({ id }) => id)).toContain(org.member.keyId);
  });

  it('checks a key that it reads, and asks for its own where nothing has it', async () => {
    const { id, secret } = await createKey(org.member, org);
    const good = await run(['check'], { key: '', input: `${secret}\n` });
    expect(good).toMatchObject({ code: 0, values: [{ keyId: id }] });
    const bad = await run(['check'], { key: '', input: 'nonsense\n' });
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stderr)).toMatchObject({ code: 'unauthenticated' });
    const none = await run(['check'], { key: '', input: '' });
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('standard input') });
    const own = await run(['list'], { key: '', input: `${org.member.key}\n` });
    expect(own.values.map(({ ownerId }) => ownerId)).toContain(org.member.userId);
  });

  it('tells what happened, and what happens', async () => {
    const { values } = await run(['audit']);
    expect(values.length).toBeGreaterThan(2);
    const times = values.map(({ at }) => String(at));
    expect(times).toEqual([...times].sort());

    const variables = { KEYFENCE_URL: service.url, KEYFENCE_KEY: org.manager.key };
    const tail = startProgram(
      projectRoot,
      [process.execPath, script, 'audit', '--follow'],
      variables,
    );
    try {
      await eventually(() => tail.output.length > 2);
      const before = tail.output.length;
      const { id } = await createKey(org.member, org);
      await eventually(() => tail.output.length > before);
      const [event] = tail.output.slice(before).map(parse);
      expect(event).toMatchObject({ action: 'key.created', targetId: id });
    } finally {
      await tail.stop();
    }
  });

  it('says what is wrong', async () => {
    const { secret } = await createKey(org.member, org);
    const mistakes: [string[], number, RegExp][] = [
      [[], 2, /no command/],
      [['steal'], 2, /no such command/],
      [['toString'], 2, /no such command/],
      [['create', '--name', 'x'], 2, /--scope is missing/],
      [['revoke'], 2, /the id of the key is missing/],
      [['list', '--key', secret], 2, /--key/],
      [['create', '--name', 'x', '--scope', 'all'], 1, /scope/],
      [['create', '--name', 'x', '--scope', 'read', '--days', 'many'], 1, /expiresInDays/],
      [['list', '--state', 'lost'], 1, /state/],
      [['revoke', 'key_01h455vb4pex5vsknk084sn02q'], 1, /not_found/],
      [['revoke', '../../members'], 1, /not_found/],
    ];
    for (const [args, code, message] of mistakes) {
      const outcome = await run(args);
      expect({ args, code: outcome.code }).toEqual({ args, code });
      expect(outcome.stderr).toMatch(message);
      expect(outcome.stderr).not.toContain(secret);
    }
    const { stderr, code } = await run(['list'], { key: 'nonsense' });
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ status: 401 });
  });
});
