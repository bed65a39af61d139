import { randomInt } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChainHead } from '../../../src/audit/chain.js';
import { addEvents, verifyAfter, verifyNow } from '../../support/chain.js';
import { count } from '../../support/environment.js';
import { createOrganisation } from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';

const size = count(1_200, 10_000);
const samples = count(1, 13);

const changes: Record<string, string> = {
  org_id: `org_id || 'x'`,
  at: `at + interval '1 ms'`,
  'at, without end': `'infinity'`,
  actor_org_id: `coalesce(actor_org_id, '') || 'x'`,
  actor_user_id: `coalesce(actor_user_id, '') || 'x'`,
  actor_key_id: `coalesce(actor_key_id, '') || 'x'`,
  action: `CASE action WHEN 'key.created' THEN 'key.revoked' ELSE 'key.created' END`,
  target_id: `target_id || 'x'`,
  before: `'{"name": "x"}'`,
  after: `'null'`,
  'after, to nothing': 'NULL',
  ip: `coalesce(ip, '') || 'x'`,
  user_agent: `coalesce(user_agent, '') || '-'`,
  request_id: `coalesce(request_id, '') || ' '`,
};

describe('A superuser without triggers', () => {
  let service: Service;
  let head: ChainHead;
  let idOf: (seq: number) => string;
  const find = async (sql: string, copies?: ChainHead[]) =>
    (await verifyAfter(service.db, sql, copies)).findings;
  /** The first row, the last one, those where a batch of the verifier ends, and others. */
  const places = [1, 2, 999, 1_000, 1_001, size - 1, size];
  while (places.length < 7 + samples) places.push(randomInt(3, size - 1));

  beforeAll(async () => {
    service = await startService();
    const { id } = await createOrganisation(service);
    const first = (await verifyNow(service.db)).head.seq;
    await addEvents(service.db, id, size - first);
    const { rows } = await service.db.query<{ event_id: string }>(
      'SELECT event_id FROM audit_chain ORDER BY seq',
    );
    idOf = (seq) => rows[seq - 1]?.event_id ?? '';
    ({ head } = await verifyNow(service.db));
  });
  afterAll(() => service.stop());
  // What was undone would make tables grow and each test slower than the one before.
  afterEach(() => service.db.query('VACUUM audit_events, audit_chain'));

  it('who did nothing leaves the log intact', async () => {
    expect(await verifyNow(service.db)).toEqual({ head, findings: [] });
    expect(head.seq).toBe(size);
    expect(await find('', [head])).toEqual([]);
    const seen: number[] = [];
    await verifyNow(service.db, [], (rows) => seen.push(rows));
    const batches = Math.floor(size / 1_000);
    expect(seen).toEqual(Array.from({ length: batches }, (_, index) => (index + 1) * 1_000));
  });

  const event = (seq: number) => `(SELECT event_id FROM audit_chain WHERE seq = ${seq})`;
  const named = (seq: number, id = idOf(seq)) => [
    expect.stringMatching(`^row ${seq}: event ${id} was changed, swapped or inserted`),
  ];

  for (const seq of places) {
    it(`who changes event ${seq} is found: any of its fields`, async () => {
      for (const [what, value] of Object.entries(changes)) {
        const column = what.split(',')[0] ?? '';
        const sql = `UPDATE audit_events SET ${column} = ${value} WHERE id = ${event(seq)}`;
        expect({ what, findings: await find(sql) }).toEqual({ what, findings: named(seq) });
      }
    });

    it(`who changes the hash or the name of row ${seq} is found`, async () => {
      const hash = `UPDATE audit_chain SET hash = sha256(hash) WHERE seq = ${seq}`;
      expect(await find(hash)).toEqual(named(seq));
      const id = `UPDATE audit_events SET id = 'aud_x' WHERE id = ${event(seq)}`;
      expect(await find(id)).toEqual([
        `row ${seq}: event ${idOf(seq)} was removed`,
        expect.stringMatching('^event aud_x is not in the chain'),
      ]);
    });

    it(`who removes event ${seq} is found, with its row, or with the gap closed`, async () => {
      const [removal, unlinking] = [
        `DELETE FROM audit_events WHERE id = ${event(seq)};`,
        `DELETE FROM audit_chain WHERE seq = ${seq};`,
      ];
      expect(await find(removal)).toEqual([`row ${seq}: event ${idOf(seq)} was removed`]);
      const lost = expect.stringMatching(`^event ${idOf(seq)} is not in the chain`);
      const gap = expect.stringMatching(`^row ${seq} is missing`);
      expect(await find(unlinking)).toEqual(seq === size ? [lost] : [gap, lost]);
      const both = await find(removal + unlinking, seq === size ? [head] : undefined);
      expect(both).toEqual([gap]);
      if (seq === size) return;
      const closing = `UPDATE audit_chain SET seq = seq - 1 WHERE seq > ${seq};`;
      expect(await find(removal + unlinking + closing)).toEqual(named(seq, idOf(seq + 1)));
    });

    it(`who swaps event ${seq} with another one is found`, async () => {
      const other = seq === 5 ? 6 : 5;
      const [a, b] = [Math.min(seq, other), Math.max(seq, other)];
      const [x, y] = [`'${idOf(a)}'`, `'${idOf(b)}'`];
      const swap = (table: string, column: string, one: string, two: string) =>
        `UPDATE ${table} SET ${column} = CASE WHEN ${column} = ${one} THEN ${two} ELSE ${one} END
         WHERE ${column} IN (${one}, ${two})`;
      expect(await find(swap('audit_events', 'id', x, y))).toEqual(named(a));
      expect(await find(swap('audit_chain', 'event_id', x, y))).toEqual(named(a, idOf(b)));
      expect(await find(swap('audit_chain', 'seq', String(a), String(b)))).toEqual(
        named(a, idOf(b)),
      );
    });

    it(`who inserts an event behind row ${seq} is found`, async () => {
      const insertion = `INSERT INTO audit_events (id, org_id, action, target_id)
        SELECT 'aud_x', org_id, action, target_id FROM audit_events WHERE id = ${event(seq)};`;
      expect(await find(insertion)).toEqual([
        expect.stringMatching('^event aud_x is not in the chain'),
      ]);
      const link = `INSERT INTO audit_chain SELECT ${seq + 1}, 'aud_x', hash FROM audit_chain
        WHERE seq = ${seq};`;
      const shift = `UPDATE audit_chain SET seq = seq + 1 WHERE seq > ${seq};`;
      expect(await find(insertion + shift + link)).toEqual(named(seq + 1, 'aud_x'));
      const copy = `INSERT INTO audit_chain SELECT * FROM audit_chain WHERE seq = ${seq};`;
      expect(await find(copy)).toEqual([`row ${seq} was inserted`]);
      const double = `INSERT INTO audit_events SELECT * FROM audit_events
        WHERE id = ${event(seq)};`;
      expect(await find(double)).toEqual([`row ${seq} was inserted`]);
    });
  }

  it('who writes the chain again from a row on is found with an older copy of its head', async () => {
    const middle = Math.floor(size / 2);
    const rewrite = `
      UPDATE audit_events SET ip = '192.0.2.1' WHERE id = ${event(middle)};
      CREATE TEMPORARY TABLE tail ON COMMIT DROP AS
        SELECT seq, event_id FROM audit_chain WHERE seq >= ${middle};
      DELETE FROM audit_chain WHERE seq >= ${middle};
      DO $$ DECLARE event audit_events; BEGIN
        FOR event IN SELECT e.* FROM tail JOIN audit_events e ON e.id = event_id ORDER BY seq LOOP
          PERFORM audit_chain_append(event);
        END LOOP;
      END $$;`;
    expect(await find(rewrite)).toEqual([]);
    expect(await find(rewrite, [head])).toEqual([
      expect.stringMatching(`^row ${size} differs from the copy`),
    ]);
  });

  it('who cuts the chain off at its end is found with a copy of its head', async () => {
    const cut = `
      DELETE FROM audit_events WHERE id IN (SELECT event_id FROM audit_chain WHERE seq > 50);
      DELETE FROM audit_chain WHERE seq > 50;`;
    expect(await find(cut)).toEqual([]);
    expect(await find(cut, [head])).toEqual([`row 51 is missing: the copy knows ${size} rows`]);
    const all = 'DELETE FROM audit_events; DELETE FROM audit_chain;';
    expect(await find(all, [head])).toEqual([expect.stringMatching('^row 1 is missing')]);
    expect(await find(all)).toEqual(['the log is empty: it has rows from the first start on']);
  });
});
