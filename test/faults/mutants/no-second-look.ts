/** Loaded before the service: what is cached is looked up before the query, and not again behind it. */
import 'reflect-metadata';
import { Fence } from '../../../src/verification/fence.js';
import type { RecordCache } from '../../../src/verification/record-cache.js';

interface Inside {
  readonly options: { readonly records: { readonly cache: RecordCache } };
}

// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the fence below
const { read } = Fence.prototype;

Fence.prototype.read = function (this: Fence, lookups, waiting) {
  const { cache } = (this as unknown as Inside).options.records;
  const cached = lookups.map(({ digest }) => cache.find(digest));
  read.call(this, lookups, {
    ...waiting,
    done: (reading) => {
      const facts = reading.facts.map((each, index) => cached[index] ?? each);
      waiting.done({ ...reading, facts });
    },
  });
};
