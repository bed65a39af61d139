import { createHmac, hash, hkdfSync, randomBytes } from 'node:crypto';

/** A secret of the service, prepared for hashing keys. */
interface HashKey {
  key: Buffer;
  /** Identifies the hash key in the database, without revealing anything about it. */
  fingerprint: string;
}

function derive(secret: string): HashKey {
  const bytes = (info: string, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, 'keyfence', info, length));
  return { key: bytes('api key hash', 32), fingerprint: bytes('fingerprint', 8).toString('hex') };
}

/**
 * Hashes secrets for storage and look-up: HMAC-SHA-256 (RFC 2104) under keys derived with HKDF (RFC
 * 5869) from KEYFENCE_SECRET. Somebody who steals only the database can neither use nor test a key.
 */
export class SecretHasher {
  private readonly hashKeys: readonly [HashKey, ...HashKey[]];
  private readonly salt = randomBytes(32).toString('base64');

  /** @param secrets the one for new keys first */
  constructor(secrets: readonly string[]) {
    const [first, ...rest] = secrets;
    if (first === undefined) throw new Error('a hasher needs a secret');
    this.hashKeys = [derive(first), ...rest.map(derive)];
  }

  /** Fingerprint of the hash key for new secrets. */
  get fingerprint(): string {
    return this.hashKeys[0].fingerprint;
  }

  get fingerprints(): string[] {
    return this.hashKeys.map(({ fingerprint }) => fingerprint);
  }

  /** The hash to store for a new secret. */
  hash(secret: string): Buffer {
    return createHmac('sha256', this.hashKeys[0].key).update(secret).digest();
  }

  /**
   * Identifies a secret in the memory of this process, for a quarter of the cost of a stored hash:
   * SHA-256 over the secret after a salt that no other process knows.
   */
  digest(secret: string): string {
    return hash('sha256', this.salt + secret, 'binary');
  }

  /** Every hash under which a secret can be stored. */
  candidates(secret: string): Buffer[] {
    return this.hashKeys.map(({ key }) => createHmac('sha256', key).update(secret).digest());
  }
}
