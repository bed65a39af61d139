import { randomUUID } from 'node:crypto';
import type { components, operations } from './schema.js';
import { Unavailable } from './errors.js';
import { Transport } from './transport.js';

type Schemas = components['schemas'];
export type Verification = Schemas['Verification'];
/** A good key: its ids, and all that it may do now. */
export type Principal = Extract<Verification, { valid: true }>;
export type Whoami = Schemas['Whoami'];
export type Key = Schemas['Key'];
type Query<Name extends keyof operations> = NonNullable<operations[Name]['parameters']['query']>;
type Answer<Name extends keyof operations> = operations[Name]['responses'] extends {
  200: { content: { 'application/json': infer Body } };
}
  ? Body
  : operations[Name]['responses'] extends { 201: { content: { 'application/json': infer Body } } }
    ? Body
    : never;

export interface KeyfenceOptions {
  /** Where Keyfence is: `https://keys.example.com`. */
  url: string;
  /**
   * The key of this service. To verify keys of every organisation it takes one of the operator
   * organisation with the permission `verify:read` and no other.
   */
  key: string;
  /** How long Keyfence may take to verify a key, in milliseconds; 750 when left out. */
  timeoutMs?: number;
  /** Is told why a key could not be verified; `console.error` when left out. */
  onError?: (error: Error) => void;
}

/** Whether something has answered that knows what a verdict is. */
function isVerdict(answer: Partial<Principal> | Partial<Verification>): answer is Verification {
  if (answer.valid !== true) return answer.valid === false;
  return typeof answer.keyId === 'string' && Array.isArray(answer.permissions);
}

const complain = (error: Error) => {
  console.error(`Keyfence: no key can be verified: ${error.message}`);
};

/**
 * A client of Keyfence. All calls throw `KeyfenceError` when Keyfence refuses them, and `Unavailable`
 * when there is no answer in time. No answer is kept: each `verify` asks anew, which is why a revoked
 * key is refused from the very next request on.
 */
export class Keyfence {
  private readonly transport: Transport;
  private readonly timeoutMs: number;
  /** Is told why a key could not be verified. */
  readonly onError: (error: Error) => void;

  /** @throws TypeError when the URL is none, or there is no key */
  constructor({ url, key, timeoutMs = 750, onError = complain }: KeyfenceOptions) {
    if (!key) throw new TypeError('Keyfence needs the key of this service');
    this.transport = new Transport(new URL(url), key);
    this.timeoutMs = timeoutMs;
    this.onError = onError;
  }

  /** Asks whether a key is good, and for what. */
  async verify(question: Schemas['VerifyKey']): Promise<Verification> {
    const verification = await this.transport.call<Partial<Verification>>({
      method: 'POST',
      path: '/v1/verify',
      body: question,
      isSafe: true,
      timeoutMs: this.timeoutMs,
    });
    if (!isVerdict(verification)) {
      throw new Unavailable('the answer is no verdict: is this the URL of Keyfence?');
    }
    return verification;
  }

  /** What a key is, as it tells itself; that of this service when none is given. */
  whoami(key?: string): Promise<Whoami> {
    return this.transport.call({ method: 'GET', path: '/v1/whoami', key, isSafe: true });
  }

  /** Keys of an organisation. */
  keys(orgId: string): Keys {
    return new Keys(this.transport, orgId);
  }

  /** A page of the audit log of an organisation, the latest first. */
  auditEvents(
    orgId: string,
    query: Query<'listAuditEvents'> = {},
  ): Promise<Answer<'listAuditEvents'>> {
    const path = `/v1/orgs/${encodeURIComponent(orgId)}/audit-events`;
    return this.transport.call({ method: 'GET', path, query, isSafe: true });
  }

  /** Ends the connections that are kept open. */
  close(): void {
    this.transport.close();
  }
}

export class Keys {
  constructor(
    private readonly transport: Transport,
    private readonly orgId: string,
  ) {}

  /** A page of keys. */
  list(query: Query<'listKeys'> = {}): Promise<Answer<'listKeys'>> {
    return this.transport.call({ method: 'GET', path: this.path(), query, isSafe: true });
  }

  /**
   * Creates a key. Its secret is in the answer and never again.
   *
   * @param idempotencyKey the same again makes no second key, and answers without the secret
   */
  create(
    body: Schemas['CreateKey'],
    idempotencyKey: string = randomUUID(),
  ): Promise<Answer<'createKey'>> {
    const headers = { 'idempotency-key': idempotencyKey };
    return this.transport.call({ method: 'POST', path: this.path(), body, headers });
  }

  get(keyId: string): Promise<Answer<'getKey'>> {
    return this.transport.call({ method: 'GET', path: this.path(keyId), isSafe: true });
  }

  /** Renames or narrows a key. */
  change(keyId: string, body: Schemas['ChangeKey']): Promise<Answer<'changeKey'>> {
    return this.transport.call({ method: 'PATCH', path: this.path(keyId), body, isSafe: true });
  }

  /** Revokes a key. When this has returned, no node accepts it any more. */
  revoke(keyId: string, reason?: string): Promise<Answer<'revokeKey'>> {
    const query = { reason };
    return this.transport.call({ method: 'DELETE', path: this.path(keyId), query, isSafe: true });
  }

  private path(keyId?: string): string {
    const all = `/v1/orgs/${encodeURIComponent(this.orgId)}/keys`;
    return keyId === undefined ? all : `${all}/${encodeURIComponent(keyId)}`;
  }
}
