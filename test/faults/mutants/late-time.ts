/** Loaded before the service: what is cached is judged at the time of the response, a late one included. */
import 'reflect-metadata';
import { FencedRecords } from '../../../src/verification/fenced-records.js';

// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the records below
const { read } = FencedRecords.prototype;

FencedRecords.prototype.read = function (this: FencedRecords, lookups, response, loaded, standing) {
  const found = read.call(this, lookups, response, loaded, standing);
  return found && { ...found, now: response.now };
};
