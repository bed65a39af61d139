import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { itIsForOperators } from '../../support/access.js';
import { backends } from '../../support/backends.js';
import { eventually } from '../../support/eventually.js';
import { failedJob } from '../../support/jobs.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { expectProblem } from '../../support/refusals.js';
import { noOwnRedis, startRedis } from '../../support/redis.js';
import { startService, type Service } from '../../support/service.js';

for (const { name, skip, open } of backends) {
  describe(`GET /v1/jobs, with jobs in ${name}`, { skip }, () => {
    let backend: Awaited<ReturnType<typeof open>>;
    let service: Service;
    let org: Organisation;

    before(async () => {
      backend = await open();
      service = await startService({ settings: backend.settings });
      org = await createOrganisation(service);
    });
    after(async () => {
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
      expect(kinds).toEqual(['usage', 'sweep', 'email', 'webhook', 'sign-in']);
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

    it('tells the metrics, too, and how long uses of keys wait', async () => {
      await failedJob(service);
      const figure = async (series: string) => {
        const { text } = await service.nobody.get('/metrics');
        const line = text.split('\n').find((each) => each.startsWith(`${series} `));
        return Number(line?.slice(series.length));
      };
      expect(await figure('keyfence_failed_jobs_total{kind="usage"}')).toBeGreaterThan(0);
      await eventually(
        async () => (await figure('keyfence_jobs{kind="usage",state="failed"}')) > 0,
        30_000,
      );
      expect(await figure('keyfence_jobs{kind="webhook",state="waiting"}')).toBe(0);
      expect(await figure('keyfence_oldest_due_reminder_seconds')).toBe(0);
      await org.member.get('/v1/whoami');
      expect(await figure('keyfence_usage_flush_lag_seconds')).toBeGreaterThan(0);
      await eventually(
        async () => (await figure('keyfence_usage_flush_lag_seconds')) === 0,
        30_000,
      );
    });
  });
}

describe('GET /v1/jobs without Redis', { skip: noOwnRedis }, () => {
  it('answers 503, and tells so', async () => {
    const redis = await startRedis();
    const service = await startService({ settings: { redisUrl: redis.url } });
    try {
      expect((await service.operator.get('/v1/jobs')).status).toBe(200);
      await redis.kill();
      const answer = await service.operator.get('/v1/jobs');
      expectProblem(answer, 503, 'unavailable');
      expect(answer.body.detail).toBe('The queue of jobs does not answer.');
      const retry = await service.operator.post('/v1/jobs/usage/1/retry');
      expectProblem(retry, 503, 'unavailable');
    } finally {
      await service.stop();
      await redis.stop();
    }
  });
});
