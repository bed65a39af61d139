import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { KeyId } from '../../src/common/ids.js';
import type { UsageFlush } from '../../src/jobs/jobs.js';
import { Random } from '../faults/random.js';
import { backends } from '../support/backends.js';
import { drawSeed } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { hold } from '../support/locks.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startSecondService, type SecondService } from '../support/second-service.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';
import {
  addFlush,
  day,
  daysOf,
  oneUse,
  untilCounted,
  usageOf,
  type Usage,
} from '../support/usage.js';

for (const { name, skip, open } of backends) {
  describeUnless(skip, `jobs that count uses, in ${name}`, () => {
    let backend: Awaited<ReturnType<typeof open>>;
    let service: Service;
    let second: SecondService;
    let org: Organisation;

    beforeAll(async () => {
      backend = await open();
      service = await startService({ settings: backend.settings });
      second = await startSecondService(service);
      org = await createOrganisation(service);
    });
    afterAll(async () => {
      await second.stop();
      await service.stop();
      await backend.close();
    });

    const newKey = async () => (await createKey(org.member, org)).id as KeyId;

    it('count a flush once, however often it arrives', async () => {
      const keyId = await newKey();
      const flush = oneUse(keyId, 0, { count: 3 });
      await addFlush(service, flush, 'the-same');
      await addFlush(second, flush, 'the-same');
      await untilCounted(service.db, flush);
      await addFlush(service, flush, 'the-same');
      await addFlush(second, flush);
      // Those that come behind show that these are done.
      for (const node of [service, second]) {
        const later = oneUse(await newKey());
        await addFlush(node, later);
        await untilCounted(service.db, later);
      }
      expect(await usageOf(service.db, keyId)).toMatchObject({ uses: 3 });
      expect(await daysOf(service.db, keyId)).toEqual({ [day]: 3 });
    });

    it('lead to the same end in every order', async () => {
      const seed = drawSeed();
      const lot = new Random(seed);
      const some = <T>(list: readonly T[]) => list.filter(() => lot.chance(0.5));
      const keys = await Promise.all(Array.from({ length: 5 }, newKey));
      const processes = [randomUUID(), randomUUID(), randomUUID()];
      const flushes = processes.flatMap((processId) =>
        Array.from({ length: 20 }, (_, n): UsageFlush => {
          // Few moments, so that several uses share one.
          const uses = some(keys).map((keyId) => {
            const from = { ip: lot.pick(['192.0.2.1', '192.0.2.2', null]), userAgent: null };
            return oneUse(keyId, Math.floor(lot.between(0, 4)), {
              ...from,
              count: Math.floor(lot.between(1, 9)),
            }).uses;
          });
          return { processId, sequence: n + 1, day, uses: uses.flat() };
        }),
      );
      const jobs = [...flushes, ...some(flushes)]
        .map((flush) => ({ flush, place: lot.next() }))
        .sort((a, b) => a.place - b.place);
      await Promise.all(jobs.map(({ flush }) => addFlush(lot.pick([service, second]), flush)));
      for (const flush of flushes) await untilCounted(service.db, flush);
      for (const keyId of keys) {
        const uses = flushes.flatMap((each) => each.uses.filter((use) => use.keyId === keyId));
        const [last] = uses.sort((a, b) => (rank(a) < rank(b) ? 1 : -1));
        const total = uses.reduce((sum, use) => sum + use.count, 0);
        const { lastUsedAt, ip, userAgent } = last ?? {};
        const expected = last && { uses: total, lastUsedAt, ip, userAgent };
        expect([seed, await usageOf(service.db, keyId)]).toEqual([seed, expected]);
        expect(await daysOf(service.db, keyId)).toEqual(last ? { [day]: total } : {});
      }
    });

    it('never take the time of the last use back', async () => {
      const keyId = await newKey();
      const late = oneUse(keyId, 1_000, { ip: '192.0.2.1', userAgent: 'late' });
      const early = oneUse(keyId, 0, { ip: '192.0.2.2', userAgent: 'early' });
      for (const flush of [late, early]) {
        await addFlush(service, flush);
        await untilCounted(service.db, flush);
      }
      const [use] = late.uses;
      const expected = { uses: 2, lastUsedAt: use?.lastUsedAt, ip: '192.0.2.1', userAgent: 'late' };
      expect(await usageOf(service.db, keyId)).toEqual(expected);
    });

    it('leave ids out that no key has, and change no decision', async () => {
      const stranger = 'key_00000000000000000000000000' as const;
      const flush = oneUse(stranger);
      const head = async () =>
        (await service.db.query<{ n: string }>('SELECT n FROM auth_head')).rows;
      const before = await head();
      await addFlush(service, flush);
      await untilCounted(service.db, flush);
      expect(await usageOf(service.db, stranger)).toBeUndefined();
      expect(await head()).toEqual(before);
    });

    it('are retried when the database refuses', async () => {
      const flush = oneUse(await newKey());
      const lines = () => [...service.log, ...second.log].filter((l) => l.includes('a job failed'));
      const earlier = lines().length;
      {
        await using holder = await hold(service.db, 'LOCK TABLE key_usage IN SHARE MODE');
        await addFlush(service, flush);
        await eventually(() => lines().length > earlier);
        await holder.commit();
      }
      await untilCounted(service.db, flush);
    });

    it('are set aside when they make no sense, and hold up no other', async () => {
      const flush = oneUse(await newKey());
      const wrong = { ...flush, day: 'yesterday', processId: randomUUID() };
      await addFlush(service, wrong, 'makes-no-sense');
      await addFlush(service, flush);
      await untilCounted(service.db, flush);
      const line = await eventually(() =>
        [...service.log, ...second.log].find((each) => each.includes('makes-no-sense')),
      );
      expect(JSON.parse(line)).toMatchObject({
        job: 'usage',
        attemptsMade: 1,
        err: { message: 'the payload is not valid: day' },
      });
    });
  });
}

/** Which of two uses is the last one. */
function rank({ lastUsedAt, ip, userAgent }: Omit<Usage, 'uses'>): string {
  return [lastUsedAt, ip ?? '', userAgent ?? ''].join(' ');
}
