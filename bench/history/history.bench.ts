import { Client } from 'pg';
import { createDatabase } from '../../test/support/environment.js';
import { takeBack } from '../../test/support/previous-schema.js';
import { options } from '../support/options.js';
import { median, quantile } from '../support/statistics.js';

const sizes = [1, 100, 1_000, 20_000];
const changes = 30_000;
const samples = options.samples ?? 200;

/** A database with the history of a release, and two connections to it. */
interface Variant {
  name: string;
  client: Client;
  /** Somebody who makes a dump. */
  reader: Client;
  remove(): Promise<void>;
}

async function openVariant(name: string, lastMigration?: string): Promise<Variant> {
  const database = await createDatabase();
  if (lastMigration !== undefined) await takeBack(database, lastMigration);
  const [client, reader] = [1, 2].map(() => new Client(database.adminUrl)) as [Client, Client];
  await client.connect();
  await reader.connect();
  await client.query(`INSERT INTO users (id, kind, name)
    SELECT 'usr_' || i, 'service', 'x' FROM generate_series(1, 20000) i`);
  const remove = async () => {
    await client.end();
    await reader.end();
    await database.drop();
  };
  return { name, client, reader, remove };
}

/** Milliseconds that these statements take. */
async function time(client: Client, sql: string): Promise<number> {
  const start = performance.now();
  await client.query(sql);
  return performance.now() - start;
}

/** How long the triggers of a transaction that changes so many rows hold the lock of all changes. */
async function timeTriggers(client: Client, rows: number): Promise<number> {
  await client.query('BEGIN');
  await client.query(`UPDATE users SET name = name || '.' WHERE id IN (
    SELECT 'usr_' || i FROM generate_series(1, ${rows}) i)`);
  const milliseconds = await time(client, 'SET CONSTRAINTS ALL IMMEDIATE');
  await client.query('ROLLBACK');
  return milliseconds;
}

const statements = {
  'a change, from its last message to the commit':
    'SET CONSTRAINTS ALL IMMEDIATE; SELECT auth_advance(); COMMIT',
  'the same, rolled back': 'SET CONSTRAINTS ALL IMMEDIATE; SELECT auth_advance(); ROLLBACK',
};
const looks = {
  'a look at the head': 'SELECT n FROM auth_head',
  'a look at the head, from the newest on':
    'SELECT n FROM auth_head WHERE single > false ORDER BY single DESC LIMIT 1',
};

/** p50 and p99 in milliseconds of everything that is measured of one variant. */
async function measure({ client }: Variant): Promise<Map<string, string>> {
  const cells = new Map<string, string>();
  const note = (what: string, times: number[]) => {
    cells.set(what, [0.5, 0.99].map((share) => quantile(times, share).toFixed(2)).join(', '));
  };
  for (const [what, sql] of Object.entries(statements)) {
    const times: number[] = [];
    for (let sample = 0; sample < samples; sample += 1) {
      await client.query('BEGIN');
      await client.query(`UPDATE users SET name = name || '.' WHERE id = 'usr_${1_000 + sample}'`);
      times.push(await time(client, sql));
    }
    note(what, times);
  }
  await client.query('SET enable_seqscan = off');
  for (const [what, sql] of Object.entries(looks)) {
    const times: number[] = [];
    for (let sample = 0; sample < samples; sample += 1) times.push(await time(client, sql));
    note(what, times);
  }
  await client.query('RESET enable_seqscan');
  return cells;
}

async function printRows(variants: readonly Variant[]): Promise<void> {
  console.log('Triggers of the history, under its lock: µs for each row of a transaction\n');
  console.log(`| history | ${sizes.map((size) => `${size} rows`).join(' | ')} |`);
  console.log(`| --- |${' --- |'.repeat(sizes.length)}`);
  const times = new Map(variants.map(({ name }) => [name, sizes.map((): number[] => [])]));
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [index, size] of sizes.entries()) {
      for (const { name, client } of variants) {
        times.get(name)?.[index]?.push((1_000 * (await timeTriggers(client, size))) / size);
      }
    }
  }
  for (const [name, all] of times) {
    console.log(`| ${name} | ${all.map((each) => median(each).toFixed(0)).join(' | ')} |`);
  }
}

async function printSnapshot(variants: readonly Variant[]): Promise<void> {
  console.log(`\n${changes} changes, ms: p50, p99\n`);
  console.log(
    '| history | what | before | after the changes, with a snapshot as old as they are |',
  );
  console.log('| --- | --- | --- | --- |');
  for (const variant of variants) {
    const { client, reader, name } = variant;
    const before = await measure(variant);
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT n FROM auth_head');
    await client.query(`DO $$ BEGIN
      FOR i IN 1 .. ${changes} LOOP PERFORM auth_advance(); COMMIT; END LOOP;
    END $$`);
    const behind = await measure(variant);
    await reader.query('ROLLBACK');
    for (const [what, cells] of before) {
      console.log(`| ${name} | ${what} | ${cells} | ${behind.get(what) ?? ''} |`);
    }
  }
}

/** What a change costs in the history, now and before it was made to cost the same for each row. */
const variants = [await openVariant('before', 'Identities1764000012000'), await openVariant('now')];
try {
  await printRows(variants);
  await printSnapshot(variants);
} finally {
  for (const variant of variants) await variant.remove();
}
