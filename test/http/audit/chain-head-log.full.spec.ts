import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { formatHead, parseHead, signatureOf } from '../../../src/audit/chain.js';
import { cutOff, rewriteFrom, verifyNow } from '../../support/chain.js';
import { holdClock, startClock, tick } from '../../support/clock.js';
import { createOrganisation } from '../../support/organisation.js';
import { startSecondService } from '../../support/second-service.js';
import { startService, type Service } from '../../support/service.js';

const headsIn = (log: string[]) =>
  log
    .map((line) => JSON.parse(line) as { auditHead?: string })
    .flatMap(({ auditHead }) => auditHead ?? []);

interface Alarm {
  level: number;
  msg: string;
  known?: string;
  found?: string;
}

/** What a log says of a chain that does not continue. */
const alarmsIn = (log: string[]) =>
  log
    .map((line) => JSON.parse(line) as Alarm)
    .filter(({ msg }) => msg.startsWith('the audit chain does not continue'));

/** The head that the database has now, as the log should have it. */
async function signedHead({ db, settings }: Service): Promise<string> {
  const { head } = await verifyNow(db);
  return `${formatHead(head)}:${signatureOf(head, settings.secrets[0] ?? '')}`;
}

describe('The head of the audit chain', () => {
  it('is in the log at the start and at the stop, signed', async () => {
    const service = await startService();
    try {
      const atFirst = await signedHead(service);
      expect(headsIn(service.log)).toEqual([atFirst]);
      const node = await startSecondService(service);
      await createOrganisation(service);
      const later = await signedHead(service);
      await node.stop();
      expect(headsIn(node.log)).toEqual([atFirst, later]);
      const head = parseHead(later);
      if (head === undefined) throw new Error('a head that cannot be read');
      expect(head.signature).not.toBe(signatureOf(head, 'another secret of thirty-two characters'));
      expect(head.signature).not.toBe(
        signatureOf({ ...head, seq: head.seq + 1 }, service.settings.secrets[0] ?? ''),
      );
    } finally {
      await service.stop();
    }
  });

  it('is in the log every five minutes', async () => {
    await holdClock(['setInterval']);
    const service = await startService();
    try {
      for (const lines of [2, 3]) {
        await createOrganisation(service);
        tick(5 * 60_000);
        while (headsIn(service.log).length < lines) await turn();
        expect(headsIn(service.log).at(-1)).toBe(await signedHead(service));
      }
      expect(new Set(headsIn(service.log)).size).toBe(3);
    } finally {
      startClock();
      await service.stop();
    }
  });

  it('that cannot be read is a warning, and no fault of the service', async () => {
    const service = await startService();
    try {
      await service.db.query('ALTER TABLE audit_chain RENAME TO elsewhere');
      const node = await startSecondService(service);
      expect(node.log.join('')).toContain('could not read the head of the audit chain');
      expect((await node.nobody.get('/livez')).status).toBe(200);
      await node.stop();
    } finally {
      await service.stop();
    }
  });

  const tampering = {
    'was cut off': (service: Service) => cutOff(service.db, 3),
    'was written again from a row on': (service: Service) => rewriteFrom(service.db, 3),
    'was cut off, and has grown again': async (service: Service) => {
      await cutOff(service.db, 3);
      for (let time = 0; time < 2; time += 1) await createOrganisation(service);
    },
  };
  for (const [what, tamper] of Object.entries(tampering)) {
    it(`is an error, and no signature, where the chain ${what}`, async () => {
      const service = await startService();
      try {
        await createOrganisation(service);
        const node = await startSecondService(service);
        const known = await verifyNow(service.db);
        await tamper(service);
        const found = await verifyNow(service.db);
        expect(found.findings).toEqual([]);
        await node.stop();
        const alarm = {
          level: 50,
          known: formatHead(known.head),
          found: formatHead(found.head),
        };
        expect(alarmsIn(node.log)).toEqual([expect.objectContaining(alarm)]);
        expect(headsIn(node.log)).toHaveLength(1);
        // The next process knows what this one has logged.
        const next = await startSecondService(service);
        await next.stop();
        expect(alarmsIn(next.log)).toEqual([
          expect.objectContaining(alarm),
          expect.objectContaining(alarm),
        ]);
        expect(headsIn(next.log)).toEqual([]);
      } finally {
        await service.stop();
      }
    });
  }

  it('is that of the new chain once a restore is marked, after an error', async () => {
    const service = await startService();
    try {
      await createOrganisation(service);
      await (await startSecondService(service)).stop();
      await cutOff(service.db, 3);
      await service.db.query('UPDATE auth_head SET epoch = gen_random_uuid()');
      const node = await startSecondService(service);
      await createOrganisation(service);
      await node.stop();
      expect(alarmsIn(node.log)).toMatchObject([{ level: 50, isMarked: true }]);
      expect(headsIn(node.log)).toHaveLength(2);
      expect(headsIn(node.log)[1]).toBe(await signedHead(service));
    } finally {
      await service.stop();
    }
  });

  it('is stored in the data directory, whose loss or damage stops nothing', async () => {
    const service = await startService();
    try {
      const file = join(service.settings.dataDir, 'audit-head');
      const { head } = await verifyNow(service.db);
      expect(await readFile(file, 'utf8')).toMatch(
        new RegExp(`^${formatHead(head)} [0-9a-f-]{36}\n$`),
      );
      await writeFile(file, 'no head');
      const node = await startSecondService(service);
      expect(headsIn(node.log)).toEqual([await signedHead(service)]);
      expect(node.log.join('')).toContain(`${file} holds no head of the audit chain`);
      await node.stop();
      const elsewhere = join(file, 'not a folder');
      const other = await startSecondService(service, { settings: { dataDir: elsewhere } });
      await other.stop();
      expect(headsIn(other.log)).toHaveLength(2);
      expect(other.log.join('')).toContain('it is remembered only until the stop');
    } finally {
      await service.stop();
    }
  });
});
