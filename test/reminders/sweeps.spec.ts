import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReminderSweep } from '../../src/reminders/reminder-sweep.js';
import { count } from '../support/environment.js';
import { createOrganisation, type Organisation } from '../support/organisation.js';
import { settle } from '../support/reminders.js';
import { startSecondService, type SecondService } from '../support/second-service.js';
import { startService, type Service } from '../support/service.js';
import { startSmtp, type Smtp } from '../support/smtp.js';

const keys = count(200, 1_000);
/** Milliseconds for that many mails. */
const timeoutMs = 600_000;

/** Adds keys of the member: half of them expire in six days, the others have just expired. */
async function insertDueKeys({ db }: Service, org: Organisation): Promise<void> {
  await db.query(
    `INSERT INTO api_keys (id, org_id, owner_id, name, scope, created_at, expires_at)
     SELECT 'key_' || lpad(i::text, 26, '0'), $1, $2, 'key ' || i, 'read',
       now() - interval '90 days', now() + i % 2 * interval '6 days'
     FROM generate_series(1, $3::int) i`,
    [org.id, org.member.userId, keys],
  );
}

/** Sets the clock of the database back, as seen from everything that is stored in it. */
async function setClockBack({ db }: Service, hours: number): Promise<void> {
  const by = [`${hours} hours`];
  await db.query('UPDATE api_keys SET expires_at = expires_at + $1::interval', by);
  await db.query('UPDATE reminders SET expires_at = expires_at + $1::interval', by);
  await db.query('UPDATE expiry_watch SET due_at = due_at + $1::interval', by);
  await db.query(
    `UPDATE deliveries SET expires_at = expires_at + $1::interval,
       next_attempt_at = next_attempt_at + $1::interval, queued_at = queued_at + $1::interval`,
    by,
  );
}

describe('sweeps', () => {
  let smtp: Smtp;
  let service: Service;
  let second: SecondService;
  let org: Organisation;

  beforeAll(async () => {
    smtp = await startSmtp();
    service = await startService({ settings: smtp.settings });
    second = await startSecondService(service);
    org = await createOrganisation(service);
  });
  afterAll(async () => {
    await second.stop();
    await service.stop();
    await smtp.close();
  });

  /** What there is by now. */
  async function rows() {
    const { rows: found } = await service.db.query<Record<string, number>>(
      `SELECT (SELECT count(*)::int FROM reminders WHERE NOT superseded) AS reminders,
         (SELECT count(*)::int FROM deliveries WHERE key_id IS NOT NULL) AS mails,
         (SELECT count(*)::int FROM deliveries WHERE digest_day IS NOT NULL) AS digests,
         (SELECT count(*)::int FROM audit_events WHERE action = 'key.expired') AS expired`,
    );
    return found[0];
  }
  const all = { reminders: keys, mails: keys, digests: 1, expired: keys / 2 };

  it('of all nodes at once write down what is due once', async () => {
    await insertDueKeys(service, org);
    for (let round = 0; round < 5; round += 1) {
      const sweeps = [service, second, service, second].map(({ app }) =>
        app.get(ReminderSweep).run(),
      );
      await Promise.all(sweeps);
    }
    await settle(service, timeoutMs);
    expect(await rows()).toEqual(all);
  });

  it('miss and repeat nothing when the clock is set back, and when that hour comes again', async () => {
    const before = smtp.arrived.length;
    await setClockBack(service, 1);
    await settle(service, timeoutMs);
    expect(await rows()).toEqual(all);
    await setClockBack(service, -1);
    await settle(service, timeoutMs);
    expect(await rows()).toEqual(all);
    expect(smtp.arrived).toHaveLength(before);
    const ids = smtp.arrived.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(keys + 1);
  });
});
