/** Loaded before the service: when the database does not respond, what it said last is used. */
import 'reflect-metadata';
import { Verifier, type Findings } from '../../../src/verification/verifier.js';

const remembered = new Map<string, Findings>();
// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the verifier below
const { find } = Verifier.prototype;

Verifier.prototype.find = function (this: Verifier, secret, others, waiting) {
  const name = `${secret} ${others.join(' ')}`;
  find.call(this, secret, others, {
    done: (findings) => {
      remembered.set(name, findings);
      waiting.done(findings);
    },
    failed: (error) => {
      const known = remembered.get(name);
      if (known === undefined) waiting.failed(error);
      else waiting.done(known);
    },
  });
};
