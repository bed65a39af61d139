/** Loaded before the service: numbers that the history does not have are not missed. */
import 'reflect-metadata';
import { FencedRecords } from '../../../src/verification/fenced-records.js';

// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the records below
const { accept } = FencedRecords.prototype;

FencedRecords.prototype.accept = function (this: FencedRecords, sent, response, loaded) {
  const { history, head } = response;
  if (!history.isWhole) return accept.call(this, sent, response, loaded);
  const known = new Set(history.changes.map(({ n }) => n));
  const changes = [...history.changes];
  for (let n = (sent.applied ?? head) + 1; n <= head; n += 1) {
    if (!known.has(n)) changes.push({ n, kind: 'advance', reference: '' });
  }
  changes.sort((a, b) => a.n - b.n);
  return accept.call(this, sent, { ...response, history: { isWhole: true, changes } }, loaded);
};
