/** Loaded before the service: a change whose COMMIT failed is reported like one that was stored. */
import 'reflect-metadata';
import { Problem } from '../../../src/common/errors.js';
import { Transactions, type Tx } from '../../../src/database/transactions.js';

// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the transactions below
const { run } = Transactions.prototype;

Transactions.prototype.run = async function <T extends object>(
  this: Transactions,
  work: (tx: Tx) => Promise<T>,
) {
  let result: T | undefined;
  const remember = async (tx: Tx) => (result = await work(tx));
  try {
    return await run.call(this, remember);
  } catch (error) {
    const isLost = error instanceof Problem && error.code === 'outcome_unknown';
    if (!isLost || result === undefined) throw error;
    return { ...result, authSeq: undefined };
  }
} as typeof run;
