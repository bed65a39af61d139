/** Loaded before the service: a record is stored without comparing its state with that of the memory. */
import 'reflect-metadata';
import { FencedRecords } from '../../../src/verification/fenced-records.js';
import type { RecordCache } from '../../../src/verification/record-cache.js';

// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the records below
const { accept } = FencedRecords.prototype;

FencedRecords.prototype.accept = function (this: FencedRecords, sent, response, loaded) {
  const standing = accept.call(this, sent, response, loaded);
  const { cache } = this as unknown as { readonly cache: RecordCache };
  for (const [digest, facts] of loaded) {
    if (facts !== undefined) cache.store(digest, facts);
  }
  return standing;
};
