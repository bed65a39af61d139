/** Loaded before the service: a history that was cut off is taken for whole. */
import 'reflect-metadata';
import type { HeldConnections } from '../../../src/database/held-connections.js';
import type { History } from '../../../src/verification/fenced-records.js';
import { RecordStore } from '../../../src/verification/record.store.js';
import { rowsOfResponse } from '../filler.js';

type Changes = Extract<History, { isWhole: true }>['changes'];

// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the store below
const { ask } = RecordStore.prototype;

RecordStore.prototype.ask = async function (this: RecordStore, question) {
  const response = await ask.call(this, question);
  if (response.history.isWhole) return response;
  // What the response had before it was found to be too long.
  const { connections } = this as unknown as { connections: HeldConnections };
  const { rows } = await connections.query<Changes[number]>({
    text: `SELECT n::int, kind, reference FROM auth_log WHERE n > $1 AND n <= $2
      ORDER BY n LIMIT ${rowsOfResponse}`,
    values: [question.after, response.head],
  });
  return { ...response, history: { isWhole: true, changes: rows } };
};
