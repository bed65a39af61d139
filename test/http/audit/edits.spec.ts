import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import type { ChainHead } from '../../../src/audit/chain.js';
import { rewriteFrom, verifyAfter, verifyNow } from '../../support/chain.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';

/** The row whose event is edited: somebody with a key added a member. */
const place = `SELECT seq FROM audit_chain JOIN audit_events ON id = event_id
  WHERE action = 'member.added' AND actor_key_id IS NOT NULL ORDER BY seq LIMIT 1`;
const at = (offset = 0) => `((${place}) + ${offset})`;
const eventAt = (offset = 0) => `(SELECT event_id FROM audit_chain WHERE seq = ${at(offset)})`;

const set = (change: string) => `UPDATE audit_events SET ${change} WHERE id = ${eventAt()};`;
const removeEvent = `DELETE FROM audit_events WHERE id = ${eventAt()};`;
/** Afterwards the place is another one, so it is remembered. */
const removeBoth = (then = '') => `
  CREATE TEMPORARY TABLE gone ON COMMIT DROP AS
    SELECT seq, event_id FROM audit_chain WHERE seq = ${at()};
  DELETE FROM audit_events WHERE id IN (SELECT event_id FROM gone);
  DELETE FROM audit_chain WHERE seq IN (SELECT seq FROM gone); ${then}`;
const swap = (column: string) => `
  UPDATE audit_chain a SET ${column} = b.${column} FROM audit_chain b,
    (SELECT ${at()} AS one, ${at(1)} AS two) AS rows
  WHERE (a.seq, b.seq) IN ((one, two), (two, one));`;

const changed = /^row \d+: event \w+ was changed, swapped or inserted/;
const missing = /^row \d+ is missing/;
const inserted = /^row (\d+|-\d+|without a number) was inserted$/;
const removed = /^row \d+: event \w+ was removed$/;
const outside = /^event \w+ is not in the chain/;

/** Edits that leave the hashes as they are, and how the first finding names each. */
const edits: Record<string, [sql: string, finding: RegExp]> = {
  'another address': [set(`ip = '192.0.2.66'`), changed],
  'no address': [set('ip = NULL'), changed],
  'an empty text in the place of another': [set(`user_agent = ''`), changed],
  'two fields swapped': [set('user_agent = request_id, request_id = user_agent'), changed],
  'a millisecond later': [set(`at = at + interval '1 ms'`), changed],
  'a day earlier': [set(`at = at - interval '1 day'`), changed],
  'the null of JSON where there was none': [set(`before = 'null'`), changed],
  'no state where there was one': [set('after = NULL'), changed],
  'a further field of a state': [set(`after = after || '{"a": 1}'`), changed],
  'a number that is written otherwise': [set(`after = after || '{"n": 1.0}'`), changed],
  'another target': [set(`target_id = target_id || 'x'`), changed],
  'another organisation': [
    set(`org_id = (SELECT id FROM organisations o WHERE o.id <> org_id LIMIT 1)`),
    changed,
  ],
  'another actor': [set(`actor_user_id = NULL`), changed],
  'an actor in the place of another kind': [
    set('actor_user_id = actor_key_id, actor_key_id = NULL'),
    changed,
  ],
  'another organisation of the actor': [set(`actor_org_id = actor_org_id || 'x'`), changed],
  'another action': [set(`action = 'member.removed'`), changed],
  'another form of the same letters': [
    set(`user_agent = normalize(user_agent || 'é', NFD)`),
    changed,
  ],
  'a character moved to the next field': [
    set('action = left(action, -1), target_id = right(action, 1) || target_id'),
    changed,
  ],
  'a field that looks like two': [set(`ip = ip || '-', user_agent = NULL`), changed],
  'another id': [set(`id = 'aud_x'`), removed],
  'an event removed': [removeEvent, removed],
  'a row removed': [`DELETE FROM audit_chain WHERE seq = ${at()};`, missing],
  'an event and its row removed': [removeBoth(), missing],
  'both removed, and the gap closed': [
    removeBoth('UPDATE audit_chain SET seq = seq - 1 WHERE seq > (SELECT seq FROM gone);'),
    changed,
  ],
  'the first rows cut off': [
    `DELETE FROM audit_events WHERE id IN (SELECT event_id FROM audit_chain WHERE seq < 4);
     DELETE FROM audit_chain WHERE seq < 4;`,
    missing,
  ],
  'the events of two rows swapped': [swap('event_id'), changed],
  'the numbers of two rows swapped': [swap('seq'), changed],
  'a row twice': [
    `INSERT INTO audit_chain SELECT * FROM audit_chain WHERE seq = ${at()};`,
    inserted,
  ],
  'a row without a number': [
    `ALTER TABLE audit_chain ALTER seq DROP NOT NULL;
     INSERT INTO audit_chain VALUES (NULL, 'aud_x', 'x');`,
    inserted,
  ],
  'a row in front': [
    'INSERT INTO audit_chain SELECT 0, event_id, hash FROM audit_chain WHERE seq = 1;',
    inserted,
  ],
  'the chain once more behind itself': [
    `INSERT INTO audit_chain
     SELECT seq + (SELECT max(seq) FROM audit_chain), event_id, hash FROM audit_chain;`,
    changed,
  ],
  'another hash': [`UPDATE audit_chain SET hash = sha256(hash) WHERE seq = ${at()};`, changed],
  'no hash': [
    `ALTER TABLE audit_chain ALTER hash DROP NOT NULL;
     UPDATE audit_chain SET hash = NULL WHERE seq = ${at()};`,
    changed,
  ],
  'an event twice, with other content': [
    `INSERT INTO audit_events SELECT id, org_id, at, actor_org_id, actor_user_id, actor_key_id, action,
       target_id, before, after, '192.0.2.66', user_agent, request_id
     FROM audit_events WHERE id = ${eventAt()};`,
    /^row \d+(: event \w+)? was (changed|inserted)/,
  ],
  'an event beside the chain': [
    `INSERT INTO audit_events (id, org_id, at, action, target_id)
     SELECT 'aud_x', org_id, '2020-01-01', 'key.created', 'x' FROM audit_events LIMIT 1;`,
    outside,
  ],
  'an event in a table that inherits': [
    `CREATE TABLE further () INHERITS (audit_events);
     INSERT INTO further (id, org_id, at, action, target_id)
     SELECT 'aud_x', org_id, now(), 'key.created', 'x' FROM ONLY audit_events LIMIT 1;`,
    /^public\.audit_events shares rows with another table$/,
  ],
  'everything removed': ['DELETE FROM audit_chain; DELETE FROM audit_events;', /^the log is empty/],
};

describe('Edits of the audit log', () => {
  let service: Service;
  let org: Organisation;
  let owner: Pool;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    await createOrganisation(service);
    owner = new Pool({ connectionString: service.settings.databaseUrl, max: 1 });
    // Dropping the database ends connections that are still being closed.
    owner.on('error', () => undefined);
  });
  afterAll(async () => {
    await owner.end();
    await service.stop();
  });

  for (const [what, [sql, finding]] of Object.entries(edits)) {
    it(`are named without a copy of the head: ${what}`, async () => {
      const named = [expect.stringMatching(finding)];
      const asSuperuser = await verifyAfter(service.db, sql);
      expect(asSuperuser.findings.slice(0, 1)).toEqual(named);
      const asOwner = await verifyAfter(owner, sql, [], 'USER');
      expect(asOwner.findings.slice(0, 1)).toEqual(named);
      expect((await verifyNow(service.db)).findings).toEqual([]);
    });
  }

  it('with all hashes computed again are found by a copy of their row or a later one alone', async () => {
    const { rows } = await service.db.query<ChainHead>(
      `SELECT seq::int AS seq, encode(hash, 'hex') AS hash FROM audit_chain ORDER BY seq`,
    );
    const headAt = (seq: number) => rows.slice(seq - 1, seq);
    const middle = Math.floor(rows.length / 2);
    await rewriteFrom(service.db, middle);
    const find = async (copies: ChainHead[]) => (await verifyNow(service.db, copies)).findings;
    expect(await find([])).toEqual([]);
    expect(await find(headAt(middle - 1))).toEqual([]);
    for (const seq of [middle, middle + 1, rows.length]) {
      expect(await find(headAt(seq))).toEqual([
        `row ${seq} differs from the copy: rows up to it were rewritten`,
      ]);
    }
    // An older copy goes on to fit what has been added since; one of the new chain shows nothing.
    expect((await org.manager.patch(org.path(), { name: 'Later' })).status).toBe(200);
    expect(await find(headAt(middle - 1))).toEqual([]);
    expect(await find([(await verifyNow(service.db)).head])).toEqual([]);
  });
});
