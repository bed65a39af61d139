/** Loaded before the service: what was found is used for two seconds, without asking again. */
import 'reflect-metadata';
import { Verifier, type Finding } from '../../../src/verification/verifier.js';

const lifetime = 2_000;
const remembered = new Map<string, { findings: (Finding | undefined)[]; until: number }>();
// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the verifier below
const { find } = Verifier.prototype;

Verifier.prototype.find = async function (this: Verifier, ...secrets) {
  const name = secrets.join(' ');
  const found = remembered.get(name);
  if (found !== undefined && performance.now() < found.until) return found.findings;
  const findings = await find.apply(this, secrets);
  remembered.set(name, { findings, until: performance.now() + lifetime });
  return findings;
};
