import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { itIsForOperators } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { backends } from '../../support/backends.js';
import { addOnce, failedJob, untilFailed } from '../../support/jobs.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { expectProblem, malformedIds, withoutTrace } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { oneUse, untilCounted } from '../../support/usage.js';
import type { KeyId } from '../../../src/common/ids.js';

for (const { name, skip, open } of backends) {
  describe(`POST /v1/jobs/{kind}/{jobId}/retry, with jobs in ${name}`, { skip }, () => {
    let backend: Awaited<ReturnType<typeof open>>;
    let service: Service;
    let org: Organisation;
    const retry = (path: string) => service.operator.post(`/v1/jobs/${path}/retry`);

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
      permission: 'orgs:admin',
      send: async (who) => who.post(`/v1/jobs/usage/${await failedJob(service)}/retry`),
    });

    it('answers the same for a kind, an id and a job that there is not', async () => {
      const id = await failedJob(service);
      const bodies = new Set<string>();
      const paths = [`email/${id}`, `nothing/${id}`, 'usage/1', 'usage/meta', 'usage/a:b'];
      for (const path of [...paths, ...malformedIds.map((each) => `usage/${each}`)]) {
        const answer = await withoutTrace(service, () => retry(path));
        expect({ path, status: answer.status }).toEqual({ path, status: 404 });
        expectProblem(answer, 404, 'not_found');
        bodies.add(answer.text);
      }
      expect([...bodies]).toHaveLength(1);
    });

    it('tries a job again that has failed, and tells the audit log', async () => {
      const flush = oneUse(org.member.keyId as KeyId);
      await service.db.query('ALTER TABLE key_usage_days RENAME TO hidden');
      const id = await addOnce(service, flush);
      await untilFailed(service, id);
      await service.db.query('ALTER TABLE hidden RENAME TO key_usage_days');

      const operators = await operatorOrgId(service);
      const { answer, events } = await audited(service, operators, () => retry(`usage/${id}`));
      expect(answer.status).toBe(200);
      await expectAuthSeq(service, answer);
      const reason = expect.stringContaining('key_usage_days') as unknown;
      expect(answer.body).toMatchObject({ kind: 'usage', id, reason, attempts: 1 });
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

    it('of many who ask at once lets one have it, and tells the others that there is none', async () => {
      const id = await failedJob(service);
      const answers = await Promise.all(Array.from({ length: 10 }, () => retry(`usage/${id}`)));
      // It fails again at once, and may be tried again then.
      const statuses = new Set(answers.map(({ status }) => status));
      expect([...statuses].sort()).toEqual([200, 404]);
    });
  });
}
