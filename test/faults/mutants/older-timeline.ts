/** Loaded before the service: a primary that was replaced is listened to like any other. */
import 'reflect-metadata';
import { ServerCheck } from '../../../src/database/server-checks.js';

// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the check below
const { admit } = ServerCheck.prototype;

ServerCheck.prototype.admit = function (this: ServerCheck, { hazard }) {
  admit.call(this, { hazard, timeline: null });
};
