import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commandLine, runCommandLine } from '../support/command-line.js';
import { eventually } from '../support/eventually.js';
import { startProgram } from '../support/example.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { projectRoot } from '../support/project.js';
import { startService, type Service } from '../support/service.js';

const parse = (line: string) => JSON.parse(line) as Record<string, unknown>;

describe('the command line', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const run = (args: string[], { key = org.manager.key, input = '' } = {}) =>
    runCommandLine(service.url, args, { key, input });

  it('creates a key, lists it, and revokes it', async () => {
    const created = await run([
      ...['create', '--name', 'by hand', '--scope', 'read', '--days', '7', '--json'],
    ]);
    expect(created.code).toBe(0);
    const [{ key, secret }] = created.values as [{ key: { id: string }; secret: string }];
    expect((await service.as(secret).get('/v1/whoami')).status).toBe(200);

    const listed = await run(['list', '--search', 'by hand', '--state', 'active', '--json']);
    expect(listed.values).toMatchObject([{ id: key.id, name: 'by hand', scope: 'read' }]);
    expect(JSON.stringify(listed.values)).not.toContain(secret);

    const revoked = await run(['revoke', key.id, '--reason', 'lost', '--json']);
    expect(revoked).toMatchObject({ code: 0, values: [{ state: 'revoked' }] });
    expect((await service.as(secret).get('/v1/whoami')).status).toBe(401);
  });

  it('lists more than a page holds', async () => {
    const many = await createOrganisation(service);
    for (let n = 0; n < 101; n += 1) await createKey(many.manager, many);
    const { values } = await run(['list', '--json'], { key: many.manager.key });
    expect(new Set(values.map(({ id }) => id)).size).toBe(103);
  });

  it('acts in another organisation for operators', async () => {
    const { values } = await run(['list', '--org', org.id, '--json'], {
      key: service.operator.key,
    });
    expect(values.map(({ id }) => id)).toContain(org.member.keyId);
  });

  it('checks its own key, or one that it reads, and asks for its own where nothing has it', async () => {
    const { id, secret } = await createKey(org.member, org);
    const valid = await run(['check', '--json'], { key: '', input: `${secret}\n` });
    expect(valid).toMatchObject({ code: 0, values: [{ keyId: id }] });
    const given = await run(['check', '--json'], { key: secret });
    expect(given).toMatchObject({ code: 0, values: [{ keyId: id }] });
    const bad = await run(['check', '--json'], { key: '', input: 'nonsense\n' });
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stderr)).toMatchObject({ code: 'unauthenticated' });
    const none = await run(['check', '--json'], { key: '', input: '' });
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('standard input') });
    const own = await run(['list', '--json'], { key: '', input: `${org.member.key}\n` });
    expect(own.values.map(({ ownerId }) => ownerId)).toContain(org.member.userId);
  });

  it('prints what happened, and what happens', async () => {
    const { values } = await run(['audit', '--json']);
    expect(values.length).toBeGreaterThan(2);
    const times = values.map(({ at }) => String(at));
    expect(times).toEqual([...times].sort());

    const variables = { KEYFENCE_URL: service.url, KEYFENCE_KEY: org.manager.key };
    const tail = startProgram(
      projectRoot,
      [process.execPath, commandLine, 'audit', '--follow', '--json'],
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

  it('says its version', async () => {
    const { version } = JSON.parse(
      await readFile(join(projectRoot, 'packages', 'guard', 'package.json'), 'utf8'),
    ) as { version: string };
    const { stdout } = await promisify(execFile)(process.execPath, [commandLine, '--version']);
    expect(stdout).toBe(`${version}\n`);
  });

  it('says that it is to be compiled first, in a checkout in which it is not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'keyfence-command-'));
    try {
      await cp(join(projectRoot, 'packages', 'guard', 'bin'), join(folder, 'bin'), {
        recursive: true,
      });
      await writeFile(join(folder, 'package.json'), '{"type":"module"}');
      const started = promisify(execFile)(process.execPath, [join(folder, 'bin', 'keyfence.js')]);
      await expect(started).rejects.toMatchObject({
        code: 1,
        stderr: 'keyfence is not compiled yet. Run: npm run build:packages\n',
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
