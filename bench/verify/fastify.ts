import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { Redis } from 'ioredis';
import { schemaOf } from '../../src/common/json-schema.js';
import { VerifyKey } from '../../src/verification/hot/verification.dto.js';
import { BetterAuthKeys } from './better-auth.js';
import type { Task } from './server.js';

/** The same routes without Nest: asking nobody, and asking Better Auth. */
const [, , variant = '', given = ''] = process.argv;
const { databaseUrl, redisUrl, secrets, whoami, verify, forwardAuth } = JSON.parse(given) as Task;

interface Asking {
  Body: VerifyKey;
}

const checked = { schema: { body: schemaOf(VerifyKey) } };

const app = fastify();

function serveBare(): void {
  app.get('/v1/whoami', () => whoami);
  app.post<Asking>('/v1/verify', checked, ({ body }) => (body.key === '' ? null : verify));
  app.get('/v1/forward-auth/:permission', (_request, reply) =>
    reply.headers(forwardAuth).code(204).send(),
  );
}

/** Only the key in question is verified: nobody asks who the caller of `verify` is. */
async function serveBetterAuth(redis?: Redis): Promise<void> {
  const keys = await BetterAuthKeys.open(databaseUrl, secrets, redis);
  const response = async (reply: FastifyReply, key: string, accepted: unknown) =>
    (await keys.isValid(key)) ? accepted : reply.code(401).send();
  const own = ({ headers }: FastifyRequest) => headers.authorization?.replace('Bearer ', '') ?? '';
  app.get('/v1/whoami', (request, reply) => response(reply, own(request), whoami));
  app.post<Asking>('/v1/verify', checked, ({ body }, reply) => response(reply, body.key, verify));
}

if (variant === 'Fastify') serveBare();
else if (variant === 'BetterAuth') await serveBetterAuth();
else if (variant === 'BetterAuthRedis') await serveBetterAuth(new Redis(redisUrl ?? ''));
else throw new Error('name a variant');

const url = await app.listen({ port: 0, host: '127.0.0.1' });
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.send?.({ url });
