import { describe, it, mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'expect';
import { formatHead, parseHead, signatureOf } from '../../../src/audit/chain.js';
import { verifyNow } from '../../support/chain.js';
import { createOrganisation } from '../../support/organisation.js';
import { startSecondService } from '../../support/second-service.js';
import { startService, type Service } from '../../support/service.js';

const headsIn = (log: string[]) =>
  log
    .map((line) => JSON.parse(line) as { auditHead?: string })
    .flatMap(({ auditHead }) => auditHead ?? []);

/** The head that the database has now, as the log should tell it. */
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
    mock.timers.enable({ apis: ['setInterval'] });
    const service = await startService();
    try {
      for (const lines of [2, 3]) {
        await createOrganisation(service);
        mock.timers.tick(5 * 60_000);
        while (headsIn(service.log).length < lines) await turn();
        expect(headsIn(service.log).at(-1)).toBe(await signedHead(service));
      }
      expect(new Set(headsIn(service.log)).size).toBe(3);
    } finally {
      mock.timers.reset();
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
});
