import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { itIsForOperators } from '../../support/access.js';
import { backends } from '../../support/backends.js';
import { failedJob } from '../../support/jobs.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { expectProblem } from '../../support/refusals.js';
import { noOwnRedis, startRedis } from '../../support/redis.js';
import { startService, type Service } from '../../support/service.js';
import { describeUnless } from '../../support/unless.js';

for (const { name, skip, open } of backends) {
  describeUnless(skip, `GET /v1/jobs, with jobs in ${name}`, () => {
    let backend: Awaited<ReturnType<typeof open>>;
    let service: Service;
    let org: Organisation;

    beforeAll(async () => {
      backend = await open();
      service = await startService({ settings: backend.settings });
      org = await createOrganisation(service);
    });
    afterAll(async () => {
      await service.stop();
      await backend.close();
    });

    itIsForOperators({
      service: () => service,
      org: () => org,
      permission: 'orgs:read',
      send: (who) => who.get('/v1/jobs'),
    });

    it('shows how many jobs there are of each kind, and which have failed and why', async () => {
      const ids = [await failedJob(service), await failedJob(service)];
      const { status, body } = await service.operator.get('/v1/jobs');
      expect(status).toBe(200);
      const kinds = (body.counts as { kind: string }[]).map(({ kind }) => kind);
      expect(kinds).toEqual(['usage', 'sweep', 'removal', 'email', 'webhook', 'sign-in']);
      expect(body.counts[0]).toMatchObject({ kind: 'usage', failed: 2 });
      expect(body.failed).toEqual(
        [...ids].reverse().map((id) => ({
          kind: 'usage',
          id,
          reason: 'the payload is not valid: processId, sequence, day, uses',
          attempts: 1,
          createdAt: expect.any(String),
          failedAt: expect.any(String),
        })),
      );
    });
  });
}

describeUnless(noOwnRedis, 'GET /v1/jobs without Redis', () => {
  it('responds with 503, and says so', async () => {
    const redis = await startRedis();
    const service = await startService({ settings: { redisUrl: redis.url } });
    try {
      expect((await service.operator.get('/v1/jobs')).status).toBe(200);
      await redis.kill();
      const response = await service.operator.get('/v1/jobs');
      expectProblem(response, 503, 'unavailable');
      expect(response.body.detail).toBe('The queue of jobs does not respond.');
      const retry = await service.operator.post('/v1/jobs/usage/1/retry');
      expectProblem(retry, 503, 'unavailable');
    } finally {
      await service.stop();
      await redis.stop();
    }
  });
});
