import type { Client } from 'pg';
import { foldText } from '../common/fold.js';
import { isLockTimeout } from './errors.js';

/** Keys in one transaction: others that change one of them wait for it. */
const batch = 200;

interface Named {
  id: string;
  name: string;
}

/**
 * Adds the searched names of keys that are older than the column. From the second start on, an index has
 * the few that are left.
 *
 * If a key is locked for too long, the start continues, and the next one goes on: searches do not find the
 * names that are missing.
 *
 * @param owner connected as the role that owns the tables, with the start lock
 * @param progress receives a line before and after
 */
export async function fillSearchNames(
  owner: Client,
  progress: (message: string) => void,
): Promise<void> {
  let last = '';
  let filled = 0;
  for (;;) {
    try {
      const keys = await fillNext(owner, last);
      if (keys.length > 0 && filled === 0) progress('Preparing the search of keys…');
      filled += keys.length;
      last = keys.at(-1)?.id ?? last;
      if (keys.length < batch) return;
    } catch (error) {
      await owner.query('ROLLBACK');
      if (!isLockTimeout(error)) throw error;
      progress('The search of keys is not prepared to the end: the next start will retry.');
      return;
    }
  }
}

/** @returns the keys that were filled, in the order in which all transactions lock them */
async function fillNext(owner: Client, last: string): Promise<Named[]> {
  await owner.query(`BEGIN; SET LOCAL lock_timeout = '10s'`);
  const { rows: keys } = await owner.query<Named>(
    `SELECT id, name FROM api_keys WHERE search_name IS NULL AND id > $1
     ORDER BY id LIMIT ${batch} FOR NO KEY UPDATE`,
    [last],
  );
  await owner.query(
    `UPDATE api_keys k SET search_name = f.folded, search_name_of = k.name
     FROM unnest($1::text[], $2::text[]) AS f (id, folded) WHERE k.id = f.id`,
    [keys.map(({ id }) => id), keys.map(({ name }) => foldText(name))],
  );
  await owner.query('COMMIT');
  return keys;
}
