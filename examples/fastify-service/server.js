import { Keyfence } from '@keyfence/guard';
import { principalOf, requireKey } from '@keyfence/guard/fastify';
import Fastify from 'fastify';

const { KEYFENCE_URL = 'http://127.0.0.1:3000', KEYFENCE_SERVICE_KEY, PORT = '4000' } = process.env;
const keyfence = new Keyfence({ url: KEYFENCE_URL, key: KEYFENCE_SERVICE_KEY });
const app = Fastify();

app.get('/telemetry', { preHandler: requireKey(keyfence, 'telemetry:read') }, (request) => ({
  celsius: 21.4,
  organisation: principalOf(request).orgId,
}));
app.post('/telemetry', { preHandler: requireKey(keyfence, 'telemetry:write') }, (request, reply) =>
  reply.code(201).send({ recordedBy: principalOf(request).keyId }),
);

console.log(`Listening on ${await app.listen({ port: Number(PORT), host: '127.0.0.1' })}`);
