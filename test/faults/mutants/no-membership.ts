/** Loaded before the service: who was a member once is judged like one until the key's row says more. */
import 'reflect-metadata';
import type { MemberFacts } from '../../../src/permissions/facts.js';
import { Verifier } from '../../../src/verification/verifier.js';

const members = new Map<string, MemberFacts>();
// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the verifier below
const { judge } = Verifier.prototype;

Verifier.prototype.judge = function (this: Verifier, finding, ...rest) {
  if (finding?.facts === undefined) return judge.call(this, finding, ...rest);
  const { key } = finding.facts;
  const owner = finding.facts.owner ?? members.get(key.id) ?? null;
  if (owner !== null) members.set(key.id, owner);
  return judge.call(this, { ...finding, facts: { ...finding.facts, owner } }, ...rest);
};
