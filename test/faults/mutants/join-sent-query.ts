/** Loaded before the service: a request joins a query that has been sent already. */
import 'reflect-metadata';
import { Fence } from '../../../src/verification/fence.js';
import type { FencedRecords } from '../../../src/verification/fenced-records.js';
import type { Lookup } from '../../../src/verification/record-reader.js';

interface Waiter {
  readonly lookups: readonly Lookup[];
}

interface Inside {
  readonly inFlight: ReadonlySet<{ readonly waiters: Waiter[] }>;
  readonly options: { readonly records: FencedRecords };
  join(waiter: Waiter): void;
}

const fence = Fence.prototype as unknown as Inside;
// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the fence below
const { join } = fence;

fence.join = function (this: Inside, waiter) {
  const [sent] = this.inFlight;
  const isCached = waiter.lookups.every(({ digest }) => this.options.records.has(digest));
  if (sent !== undefined && isCached) sent.waiters.push(waiter);
  else join.call(this, waiter);
};
