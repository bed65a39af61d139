import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { backends } from '../../support/backends.js';
import { eventually } from '../../support/eventually.js';
import { failedJob } from '../../support/jobs.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';
import { describeUnless } from '../../support/unless.js';

for (const { name, skip, open } of backends) {
  describeUnless(skip, `The metrics of jobs in ${name}`, () => {
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

    it('say how many have failed or wait, and how long uses of keys wait', async () => {
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
