import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Client } from 'pg';
import { createDatabase, drawSeed, type Database } from '../support/environment.js';

const hour = 3_600_000;
const day = 24 * hour;

/** What the service should find for each of these expiries: thresholds, and when they are due. */
function expected(expiries: readonly number[], lifetime: number): [number, number][] {
  const reached = [30, 14, 7, 1, 0].filter((days) => days === 0 || days * day < lifetime);
  return expiries.flatMap((at) => reached.map((days): [number, number] => [days, at - days * day]));
}

describe('the thresholds of an expiry', () => {
  let database: Database;
  let client: Client;

  beforeAll(async () => {
    database = await createDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  async function inZone(zone: string): Promise<void> {
    await client.query(`SELECT set_config('TimeZone', $1, false)`, [zone]);
  }

  async function found(expiries: readonly number[], lifetime: number): Promise<[number, number][]> {
    const { rows } = await client.query<{ threshold: number; due_at: Date }>(
      `SELECT threshold, due_at
       FROM unnest($1::timestamptz[]) WITH ORDINALITY AS e (at, n), expiry_reminders(at, $2)
       ORDER BY n, threshold DESC`,
      [expiries.map((at) => new Date(at).toISOString()), lifetime / 1_000],
    );
    return rows.map((row) => [row.threshold, row.due_at.getTime()]);
  }

  // Instants around which local time jumps, in zones on both halves of the globe, and a leap day.
  const turns = [
    ['Europe/Berlin', '2026-03-29T01:00:00Z'],
    ['Europe/Berlin', '2026-10-25T01:00:00Z'],
    ['America/New_York', '2026-03-08T07:00:00Z'],
    ['America/New_York', '2026-11-01T06:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
    ['UTC', '2028-02-29T12:00:00Z'],
  ] as const;
  for (const [zone, turn] of turns) {
    it(`are whole multiples of 24 hours before it, around ${turn} in ${zone}`, async () => {
      await inZone(zone);
      const hours = Array.from({ length: 62 * 24 }, (_, n) => n - 31 * 24);
      const expiries = hours.map((each) => Date.parse(turn) + each * hour);
      expect(await found(expiries, 90 * day)).toEqual(expected(expiries, 90 * day));
    });
  }

  it('are shorter than the life of the key, in any zone', async () => {
    const zones = ['UTC', 'Pacific/Apia', 'Asia/Kathmandu', 'America/St_Johns'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...zones),
        fc.date({ min: new Date('2020-01-01'), max: new Date('2120-01-01'), noInvalidDate: true }),
        fc.oneof(
          fc.integer({ min: 1, max: 400 * day }),
          fc.constantFrom(1, 7, 14, 30).map((days) => days * day),
        ),
        async (zone, expiresAt, lifetime) => {
          await inZone(zone);
          const expiries = [expiresAt.getTime()];
          expect(await found(expiries, lifetime)).toEqual(expected(expiries, lifetime));
        },
      ),
      { seed: drawSeed(), numRuns: 300 },
    );
  });

  it('are all of them for a key that was made without an expiry', async () => {
    const { rows } = await client.query<{ threshold: number }>(
      `SELECT threshold FROM expiry_reminders(now(), 'infinity') ORDER BY 1`,
    );
    expect(rows.map(({ threshold }) => threshold)).toEqual([0, 1, 7, 14, 30]);
  });
});
