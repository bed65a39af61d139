import { Injectable } from '@nestjs/common';
import { newId, type KeyId } from '../common/ids.js';
import { Settings } from '../config/settings.js';
import type { Tx } from '../database/transactions.js';
import type { ApiKey } from './api-key.entity.js';
import { KeyStore } from './key.store.js';
import { mask, newSecret } from '../common/secret.js';
import { SecretHasher } from './secret-hasher.js';

type NewKey = Omit<ApiKey, 'id' | 'createdAt' | `revo${string}` | `search${string}`>;

/** Stores new keys. Of a secret only the hash and the mask are stored. */
@Injectable()
export class KeyIssuer {
  constructor(
    private readonly settings: Settings,
    private readonly hasher: SecretHasher,
    private readonly store: KeyStore,
  ) {}

  /** Stores a key and a new secret for it, which cannot be read again. */
  async issue(tx: Tx, key: NewKey): Promise<{ keyId: KeyId; secret: string }> {
    const keyId = newId('key');
    const secret = newSecret(this.settings.keyPrefix);
    await this.store.insert(
      tx,
      { ...key, id: keyId },
      {
        id: newId('sec'),
        keyId,
        hash: this.hasher.hash(secret),
        hashKey: this.hasher.fingerprint,
        mask: mask(secret),
      },
    );
    return { keyId, secret };
  }
}
