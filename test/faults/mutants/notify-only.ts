/** Loaded before the service: what was read is used until the database sends word of a change. */
import 'reflect-metadata';
import { Client } from 'pg';
import { Fence } from '../../../src/verification/fence.js';
import type { Reading } from '../../../src/verification/record-reader.js';

const remembered = new Map<string, Reading>();
// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the fence below
const { read } = Fence.prototype;

Fence.prototype.read = function (this: Fence, lookups, waiting) {
  const name = lookups.map(({ digest }) => digest).join(' ');
  const known = remembered.get(name);
  if (known !== undefined) {
    waiting.done(known);
    return;
  }
  read.call(this, lookups, {
    ...waiting,
    done: (reading) => {
      remembered.set(name, reading);
      waiting.done(reading);
    },
  });
};

const forget = () => {
  remembered.clear();
};
const listener = new Client(process.env.DATABASE_URL);
listener.on('notification', forget);
listener.on('error', forget);
await listener.connect();
await listener.query('LISTEN auth_log');
