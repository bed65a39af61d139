import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { JobQueue } from '../../src/jobs/job-queue.js';
import { backends } from '../support/backends.js';
import { count } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { hold } from '../support/locks.js';
import { createOrganisation, type Organisation, type Person } from '../support/organisation.js';
import { startProcess, type ServiceProcess } from '../support/process.js';
import {
  holdRemovals,
  isUnderWay,
  memberWithKeys,
  passRemovals,
  removeMember,
  revocationsOf,
  unrevokedRows,
  untilRemoved,
} from '../support/removals.js';
import { startSecondService, type SecondService } from '../support/second-service.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless, itUnless } from '../support/unless.js';

const keys = count(400, 4_000);
/** Longer than until a job comes by itself, or one whose worker is gone is run by another. */
const timeoutMs = 180_000;

for (const { name, skip, keepsJobs, open } of backends) {
  describeUnless(skip, `the keys of removed members, with jobs in ${name}`, () => {
    let backend: Awaited<ReturnType<typeof open>>;
    /** Runs no jobs. */
    let service: Service;
    let org: Organisation;
    let workers: SecondService[] = [];
    const processes: ServiceProcess[] = [];

    beforeAll(async () => {
      backend = await open();
      service = await startService({ settings: { ...backend.settings, role: 'api' } });
      org = await createOrganisation(service);
    });
    afterEach(async () => {
      for (const worker of workers) await worker.stop();
      workers = [];
    });
    afterAll(async () => {
      for (const each of processes) await each.end('SIGKILL').catch(() => undefined);
      await service.stop();
      await backend.close();
    });

    const startWorker = async () => {
      const worker = await startSecondService(service, { settings: { role: 'worker' } });
      workers.push(worker);
      return worker;
    };
    const startWorkerProcess = async () => {
      const { databaseUrl, dataDir, secrets } = service.settings;
      const worker = await startProcess({
        DATABASE_URL: databaseUrl,
        KEYFENCE_SECRET: secrets.join(','),
        KEYFENCE_DATA_DIR: dataDir,
        KEYFENCE_ROLE: 'worker',
        ...backend.environment,
      });
      processes.push(worker);
      return worker;
    };
    const nudge = (id: string) => service.app.get(JobQueue).add('removal', id, { v: 1 });
    /** All rows are revoked by now, each once, as the manager did. */
    async function expectRevoked({ userId }: Person, total = keys): Promise<void> {
      await untilRemoved(service.db, userId, timeoutMs);
      const by = { byUserId: org.manager.userId, actorKeyId: org.manager.keyId };
      expect(await revocationsOf(service.db, userId)).toMatchObject([
        { keys: total, events: 1, reason: 'owner_removed', ...by },
      ]);
    }

    it('are revoked by a worker, soon after', async () => {
      await startWorker();
      const person = await memberWithKeys(service, org, keys);
      await removeMember(org, person);
      await untilRemoved(service.db, person.userId, 40_000);
      await expectRevoked(person);
    });

    it('are revoked once by two workers and repeated jobs, one batch at a time', async () => {
      await service.db.query(`
        CREATE TABLE batches (pid integer, at timestamptz, keys integer);
        GRANT ALL ON batches TO PUBLIC;
        CREATE FUNCTION note_batch() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO batches SELECT pg_backend_pid(), now(), count(*) FROM changed;
          RETURN NULL;
        END $$;
        CREATE TRIGGER note_batch AFTER UPDATE ON api_keys REFERENCING NEW TABLE AS changed
          FOR EACH STATEMENT EXECUTE FUNCTION note_batch()`);
      try {
        const person = await memberWithKeys(service, org, keys);
        await removeMember(org, person);
        await startWorker();
        await startWorker();
        await Promise.all(Array.from({ length: 10 }, (_, n) => nudge(`again-${n}`)));
        await expectRevoked(person);
        const { rows } = await service.db.query<{ most: number; sum: number }>(
          'SELECT max(keys) AS most, sum(keys)::int AS sum FROM batches',
        );
        expect(rows[0]?.sum).toBe(keys);
        expect(rows[0]?.most).toBeLessThanOrEqual(50);
      } finally {
        await service.db.query('DROP FUNCTION note_batch CASCADE; DROP TABLE batches');
      }
    });

    it('are revoked where a worker was killed in the middle', async () => {
      const first = await startWorkerProcess();
      const person = await memberWithKeys(service, org, keys);
      await removeMember(org, person);
      await eventually(
        async () => (await unrevokedRows(service.db, person.userId)) < keys,
        timeoutMs,
      );
      await first.end('SIGKILL');
      const left = await unrevokedRows(service.db, person.userId);
      expect(left).toBeGreaterThan(0);
      await delay(500);
      expect(await unrevokedRows(service.db, person.userId)).toBeGreaterThan(0);
      await startWorkerProcess();
      await expectRevoked(person);
      for (const each of processes.splice(0)) await each.end('SIGKILL').catch(() => undefined);
    });

    itUnless(keepsJobs, 'are revoked where all jobs were lost', async () => {
      const person = await memberWithKeys(service, org, keys);
      await removeMember(org, person);
      await delay(500);
      await backend.forget?.();
      expect(await unrevokedRows(service.db, person.userId)).toBe(keys);
      await startWorker();
      await expectRevoked(person);
    });

    it('are revoked by a process without workers, once nobody has for a minute', async () => {
      const person = await memberWithKeys(service, org, keys);
      await removeMember(org, person);
      await delay(20_000);
      expect(await unrevokedRows(service.db, person.userId)).toBe(keys);
      await passRemovals(service.db, 60);
      await expectRevoked(person);
    });

    it('of somebody who stays are revoked where a worker was killed, by a process without workers', async () => {
      const worker = await startWorkerProcess();
      const person = await memberWithKeys(service, org, keys);
      const path = org.path(`/members/${person.userId}/keys/revoke`);
      const remaining = async () => (await org.manager.get(path)).body.remaining as number;
      expect((await org.manager.post(path, { reason: 'moved' })).body.remaining).toBe(keys - 50);
      await eventually(async () => (await remaining()) < keys - 50, timeoutMs);
      await worker.end('SIGKILL');
      expect(await remaining()).toBeGreaterThan(0);
      await passRemovals(service.db, 60);
      await eventually(async () => (await remaining()) === 0, timeoutMs);
      expect(await unrevokedRows(service.db, person.userId)).toBe(0);
      const found = await revocationsOf(service.db, person.userId);
      expect(found.reduce((sum, each) => sum + each.keys, 0)).toBe(keys);
      const by = { byUserId: org.manager.userId, actorKeyId: org.manager.keyId };
      for (const each of found) expect(each).toMatchObject({ reason: 'moved', events: 1, ...by });
      for (const each of processes.splice(0)) await each.end('SIGKILL').catch(() => undefined);
    });

    it('of one removal do not hold up those of others, nor do rows that cannot be changed', async () => {
      const large = await memberWithKeys(service, org, keys);
      const locked = await memberWithKeys(service, org, 60);
      const small = await memberWithKeys(service, org, 60);
      {
        await using holder = await hold(
          service.db,
          'SELECT FROM api_keys WHERE owner_id = $1 FOR UPDATE',
          [locked.userId],
        );
        for (const person of [locked, large, small]) await removeMember(org, person);
        await startWorker();
        await untilRemoved(service.db, small.userId, timeoutMs);
        await untilRemoved(service.db, large.userId, timeoutMs);
        expect(await isUnderWay(service.db, locked.userId)).toBe(true);
        await holder.rollback();
      }
      const lines = () => [...service.log, ...workers.flatMap(({ log }) => log)];
      await eventually(() => lines().some((line) => line.includes('could not be finished')));
      await nudge('once-more');
      await expectRevoked(locked, 60);
    });

    it('wait for a worker that works, not for one that stopped in the middle', async () => {
      const person = await memberWithKeys(service, org, 60);
      await removeMember(org, person);
      {
        await using held = await holdRemovals(service.db);
        await startWorker();
        await nudge('in-vain');
        await delay(1_000);
        expect(await unrevokedRows(service.db, person.userId)).toBe(60);
        await held.rollback();
      }
      await nudge('again');
      await expectRevoked(person, 60);
    });
  });
}
