import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { itIsForOperators } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { backends } from '../../support/backends.js';
import { auditCount } from '../../support/history.js';
import { addOnce, failedJob, untilFailed } from '../../support/jobs.js';
import { hold } from '../../support/locks.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { expectProblem, malformedIds, withoutTrace } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { oneUse, untilCounted } from '../../support/usage.js';
import type { KeyId } from '../../../src/common/ids.js';
import { describeUnless } from '../../support/unless.js';

for (const { name, skip, open } of backends) {
  describeUnless(skip, `POST /v1/jobs/{kind}/{jobId}/retry, with jobs in ${name}`, () => {
    let backend: Awaited<ReturnType<typeof open>>;
    let service: Service;
    let org: Organisation;
    const retry = (path: string) => service.operator.post(`/v1/jobs/${path}/retry`);

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
      permission: 'orgs:admin',
      send: async (who) => who.post(`/v1/jobs/usage/${await failedJob(service)}/retry`),
    });

    it('responds with the same for a kind, an id and a job that there is not', async () => {
      const id = await failedJob(service);
      const bodies = new Set<string>();
      const paths = [`email/${id}`, `nothing/${id}`, 'usage/1', 'usage/meta', 'usage/a:b'];
      for (const path of [...paths, ...malformedIds.map((each) => `usage/${each}`)]) {
        const response = await withoutTrace(service, () => retry(path));
        expect({ path, status: response.status }).toEqual({ path, status: 404 });
        expectProblem(response, 404, 'not_found');
        bodies.add(response.text);
      }
      expect([...bodies]).toHaveLength(1);
    });

    it('retries a job that has failed, and records it in the audit log', async () => {
      const flush = oneUse(org.member.keyId as KeyId);
      await service.db.query('ALTER TABLE key_usage_days RENAME TO hidden');
      const id = await addOnce(service, flush);
      await untilFailed(service, id);
      await service.db.query('ALTER TABLE hidden RENAME TO key_usage_days');

      const operators = await operatorOrgId(service);
      const { response, events } = await audited(service, operators, () => retry(`usage/${id}`));
      expect(response.status).toBe(200);
      await expectAuthSeq(service, response);
      const reason = expect.stringContaining('key_usage_days') as unknown;
      expect(response.body).toMatchObject({ kind: 'usage', id, reason, attempts: 1 });
      expect(events).toEqual([
        expect.objectContaining({
          action: 'job.retried',
          targetId: id,
          before: { kind: 'usage', reason },
          after: null,
        }),
      ]);
      await untilCounted(service.db, flush);
      const again = await withoutTrace(service, () => retry(`usage/${id}`));
      expectProblem(again, 404, 'not_found');
    });

    it('leaves the job alone while its row in the audit log cannot be committed', async () => {
      const id = await failedJob(service);
      const failedAt = async () => {
        const { body } = await service.operator.get('/v1/jobs');
        const failed = body.failed as { id: string; failedAt: string }[];
        return failed.find((job) => job.id === id)?.failedAt;
      };
      const before = await failedAt();
      const events = await auditCount(service.db);
      {
        await using head = await hold(service.db, 'SELECT FROM auth_head FOR UPDATE');
        expectProblem(await retry(`usage/${id}`), 503, 'busy');
        await head.rollback();
      }
      // What was added behind it has run by now, so it would have as well.
      await failedJob(service);
      expect(await failedAt()).toBe(before);
      expect(await auditCount(service.db)).toBe(events);
      expect((await retry(`usage/${id}`)).status).toBe(200);
      expect(await auditCount(service.db)).toBe(events + 1);
    });

    it('of many who ask at once lets one have it, and the others get that there is none', async () => {
      const id = await failedJob(service);
      const responses = await Promise.all(Array.from({ length: 10 }, () => retry(`usage/${id}`)));
      // It fails again at once, and may be retried then.
      const statuses = new Set(responses.map(({ status }) => status));
      expect([...statuses].sort()).toEqual([200, 404]);
    });
  });
}
