export { KeyfenceError, Refusal, Unavailable, type Problem } from './errors.js';
export { authenticate, authorise, principalOf } from './guard.js';
export {
  Keyfence,
  Keys,
  type Key,
  type KeyfenceOptions,
  type Principal,
  type Verification,
  type Whoami,
} from './keyfence.js';
