/** Loaded before the service: when the database does not respond, what it said last is used. */
import 'reflect-metadata';
import { Verifier, type Finding } from '../../../src/verification/verifier.js';

const remembered = new Map<string, (Finding | undefined)[]>();
// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the verifier below
const { find } = Verifier.prototype;

Verifier.prototype.find = async function (this: Verifier, ...secrets) {
  const name = secrets.join(' ');
  try {
    const findings = await find.apply(this, secrets);
    remembered.set(name, findings);
    return findings;
  } catch (error) {
    const known = remembered.get(name);
    if (known === undefined) throw error;
    return known;
  }
};
