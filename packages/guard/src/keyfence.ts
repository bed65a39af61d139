import { randomUUID } from 'node:crypto';
import type { QueryOf, ResultOf } from './operations.js';
import type { components } from './schema.js';
import { Collector } from './collector.js';
import { KeyfenceError } from './errors.js';
import { OwnKey, ofOwnKey } from './own-key.js';
import { Transport } from './transport.js';
import { assertVerification, type Principal, type Verification } from './verification.js';

type Schemas = components['schemas'];
export type { Principal, Verification };
export type Whoami = Schemas['Whoami'];
export type Key = Schemas['Key'];

export interface KeyfenceOptions {
  /** The URL of Keyfence: `https://keys.example.com`. */
  url: string;
  /**
   * The key of this service. To verify keys of every organisation, use a key of the operator
   * organisation with the permission `verify:read` and no other.
   */
  key: string;
  /** How long a verification may take, in milliseconds; 750 by default. */
  timeoutMs?: number;
  /** Called with the reason when a key could not be verified; `console.error` by default. */
  onError?: (error: Error) => void;
  /**
   * Called once a day with the end of the key of this service, from 14 days before; `console.warn` by
   * default.
   */
  onKeyEnding?: (expiresAt: Date) => void;
}

const complain = (error: Error) => {
  console.error(`Keyfence: no key can be verified: ${error.message}`);
};

const warn = (expiresAt: Date) => {
  console.warn(
    `Keyfence: the key of this service ends at ${expiresAt.toISOString()}, and no key can be verified from then on. Give the service another one before.`,
  );
};

/**
 * A client of Keyfence. All calls throw `KeyfenceError` when Keyfence refuses them, and `Unavailable`
 * when there is no response in time. No response is cached: each `verify` asks again. So a revoked key
 * is refused from the very next request on.
 */
export class Keyfence {
  private readonly transport: Transport;
  private readonly collector: Collector;
  private readonly ownKey: OwnKey;
  /** Called with the reason when a key could not be verified. */
  readonly onError: (error: Error) => void;

  /** @throws TypeError when the URL is invalid, or there is no key */
  constructor(options: KeyfenceOptions) {
    const { url, key, timeoutMs = 750, onError = complain, onKeyEnding = warn } = options;
    if (!key) throw new TypeError('Keyfence needs the key of this service');
    this.transport = new Transport(new URL(url), key);
    const ask = this.verifyAlone.bind(this);
    this.collector = new Collector({ transport: this.transport, timeoutMs, ask });
    this.onError = onError;
    this.ownKey = new OwnKey(() => this.whoami(), onKeyEnding);
  }

  /**
   * Asks whether a key is valid, and what it may do. Requests that arrive together are asked about in one
   * call, which was sent after each of them had arrived.
   */
  async verify(question: Schemas['VerifyKey']): Promise<Verification> {
    const verification = await this.collector.verify(question).catch((error: unknown) => {
      throw error instanceof KeyfenceError ? ofOwnKey(error) : error;
    });
    this.ownKey.look();
    return verification;
  }

  private async verifyAlone(
    question: Schemas['VerifyKey'],
    timeoutMs: number,
  ): Promise<Verification> {
    const verification = await this.transport.call<unknown>({
      method: 'POST',
      path: '/v1/verify',
      body: question,
      isSafe: true,
      isTied: true,
      timeoutMs: Math.ceil(timeoutMs),
    });
    assertVerification(verification);
    return verification;
  }

  /** What a key is and may do; that of this service if none is given. */
  whoami(key?: string): Promise<Whoami> {
    return this.transport.call({
      method: 'GET',
      path: '/v1/whoami',
      key,
      isSafe: true,
      isTied: true,
    });
  }

  /** Keys of an organisation. */
  keys(orgId: string): Keys {
    return new Keys(this.transport, orgId);
  }

  /** A page of the audit log of an organisation, the latest first. */
  auditEvents(
    orgId: string,
    query: QueryOf<'listAuditEvents'> = {},
  ): Promise<ResultOf<'listAuditEvents'>> {
    const path = `/v1/orgs/${encodeURIComponent(orgId)}/audit-events`;
    return this.transport.call({ method: 'GET', path, query, isSafe: true });
  }

  /** Closes the idle connections. */
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
  list(query: QueryOf<'listKeys'> = {}): Promise<ResultOf<'listKeys'>> {
    return this.transport.call({ method: 'GET', path: this.path(), query, isSafe: true });
  }

  /**
   * Creates a key. Its secret is in the response and never shown again.
   *
   * @param idempotencyKey a second call with the same value creates no second key, and returns no
   *   secret
   */
  create(
    body: Schemas['CreateKey'],
    idempotencyKey: string = randomUUID(),
  ): Promise<ResultOf<'createKey'>> {
    const headers = { 'idempotency-key': idempotencyKey };
    return this.transport.call({ method: 'POST', path: this.path(), body, headers });
  }

  get(keyId: string): Promise<ResultOf<'getKey'>> {
    return this.transport.call({ method: 'GET', path: this.path(keyId), isSafe: true });
  }

  /** Renames or restricts a key. */
  change(keyId: string, body: Schemas['ChangeKey']): Promise<ResultOf<'changeKey'>> {
    return this.transport.call({ method: 'PATCH', path: this.path(keyId), body, isSafe: true });
  }

  /** Revokes a key. Once this has returned, no node accepts it any more. */
  revoke(keyId: string, reason?: string): Promise<ResultOf<'revokeKey'>> {
    const query = { reason };
    return this.transport.call({ method: 'DELETE', path: this.path(keyId), query, isSafe: true });
  }

  private path(keyId?: string): string {
    const all = `/v1/orgs/${encodeURIComponent(this.orgId)}/keys`;
    return keyId === undefined ? all : `${all}/${encodeURIComponent(keyId)}`;
  }
}
