import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { KeyId } from '../../src/common/ids.js';
import { JobBackend, type OpenQueue } from '../../src/jobs/job-backend.js';
import { backends } from '../support/backends.js';
import { eventually } from '../support/eventually.js';
import { createKey, createOrganisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';
import { addFlush, oneUse, untilCounted, usageOf } from '../support/usage.js';

for (const { name, skip, open } of backends) {
  describeUnless(skip, `jobs of a later release, in ${name}`, () => {
    let backend: Awaited<ReturnType<typeof open>>;
    let service: Service;
    let queue: OpenQueue;
    let keyId: KeyId;

    beforeAll(async () => {
      backend = await open();
      service = await startService({ settings: backend.settings });
      queue = await service.app.get(JobBackend).openQueue('usage');
      const org = await createOrganisation(service);
      keyId = (await createKey(org.member, org)).id as KeyId;
    });
    afterAll(async () => {
      await queue.close();
      await service.stop();
      await backend.close();
    });

    const lines = (text: string) => service.log.filter((line) => line.includes(text));
    /** Adds a job that is attempted once. */
    const add = async (data: object, kind = 'usage') => {
      const id = randomUUID();
      await queue.add(kind, data, { jobId: id, attempts: 1, removeOnFail: true });
      return id;
    };
    /** Waits until it has been taken up so often. */
    const untilStarted = (id: string, times: number) =>
      eventually(async () => {
        const job = await queue.getJob(id);
        if (job === undefined) throw new Error(`the job ${id} is gone`);
        return job.attemptsStarted >= times && job;
      }, 40_000);

    const unknown = {
      'a version': () => ({ data: { ...oneUse(keyId), v: 2 }, what: 'version 2' }),
      'a field': () => ({ data: { ...oneUse(keyId), place: 'x' }, what: 'the field place' }),
      'a field inside': () => ({
        data: oneUse(keyId, 0, { country: 'x' } as never),
        what: 'the field country',
      }),
      'a kind': () => ({ data: oneUse(keyId), kind: 'usage-later', what: 'the name usage-later' }),
    };
    for (const [part, make] of Object.entries(unknown)) {
      it(`with ${part} that is not known wait for a worker that knows it, and are logged once`, async () => {
        const { data, what, kind } = { kind: 'usage', ...make() };
        const ids = [await add(data, kind), await add(data, kind)];
        for (const id of ids) {
          const job = await untilStarted(id, 2);
          expect(job.attemptsMade).toBe(0);
        }
        const [line, ...others] = lines(what);
        expect(others).toEqual([]);
        expect(JSON.parse(line ?? '')).toMatchObject({ level: 40, job: 'usage' });
        expect(lines('a job failed')).toEqual([]);
        expect(await usageOf(service.db, keyId)).toBeUndefined();
      });
    }

    it('hold up no other job', async () => {
      await add({ ...oneUse(keyId), v: 3 });
      const flush = oneUse(keyId, 0, { count: 7 });
      await addFlush(service, flush);
      await untilCounted(service.db, flush);
      expect(await usageOf(service.db, keyId)).toMatchObject({ uses: 7 });
    });

    it('are run where the version is one that is known', async () => {
      const flush = { ...oneUse(keyId), v: 1 as const };
      await addFlush(service, flush);
      await untilCounted(service.db, flush);
    });

    it('are not what is wrong in another way: that fails at once, permanently', async () => {
      for (const data of [{ ...oneUse(keyId), v: 'x' }, { ...oneUse(keyId), v: 0 }, { v: 1 }, []]) {
        const id = await add(data);
        await eventually(() => lines(id).some((line) => line.includes('a job failed')));
        expect(await queue.getJob(id)).toBeUndefined();
      }
    });
  });
}
