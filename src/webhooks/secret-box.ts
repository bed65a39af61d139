import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;

/**
 * Encrypts secrets that have to be read again: AES-256-GCM (NIST SP 800-38D) under keys derived with
 * HKDF (RFC 5869) from KEYFENCE_SECRET. Somebody who steals only the database can read none of them.
 */
export class SecretBox {
  private readonly keys: readonly Buffer[];

  /** @param secrets the one for new seals first */
  constructor(secrets: readonly string[]) {
    this.keys = secrets.map((secret) =>
      Buffer.from(hkdfSync('sha256', secret, 'keyfence', 'secret box', 32)),
    );
  }

  /** @param owner what the secret belongs to: it cannot be opened for another owner */
  seal(secret: string, owner: string): Buffer {
    const [key] = this.keys;
    if (key === undefined) throw new Error('a box needs a secret');
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(owner));
    const sealed = [cipher.update(secret, 'utf8'), cipher.final()];
    return Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]);
  }

  /** @returns undefined when none of the keys opens it */
  open(sealed: Buffer, owner: string): string | undefined {
    for (const key of this.keys) {
      const nonce = sealed.subarray(0, nonceLength);
      const tag = sealed.subarray(nonceLength, nonceLength + tagLength);
      try {
        const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagLength });
        decipher.setAAD(Buffer.from(owner)).setAuthTag(tag);
        const opened = [
          decipher.update(sealed.subarray(nonceLength + tagLength)),
          decipher.final(),
        ];
        return Buffer.concat(opened).toString('utf8');
      } catch {
        // Another key has sealed it.
      }
    }
    return undefined;
  }
}
