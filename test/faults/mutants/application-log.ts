/** Loaded before the service: the history is written by the service, at the end of its changes. */
import 'reflect-metadata';
import { Transactions, type Tx } from '../../../src/database/transactions.js';

// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the transactions below
const { run } = Transactions.prototype;

Transactions.prototype.run = function <T extends object>(
  this: Transactions,
  work: (tx: Tx) => Promise<T>,
) {
  return run.call(this, async (tx) => {
    const result = await work(tx);
    await tx.query(`SELECT auth_note(auth_advance(), 'everything', '')`);
    return result;
  }) as ReturnType<typeof run<T>>;
};
