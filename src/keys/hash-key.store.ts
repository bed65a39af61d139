import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/transactions.js';
import { isUnrevoked } from './key-state.js';

/** All SQL on the fingerprints of the hash keys. */
@Injectable()
export class HashKeyStore {
  /** Records the hash key for new secrets. */
  async insert(tx: Tx, fingerprint: string): Promise<void> {
    await tx.query('INSERT INTO hash_keys (fingerprint) VALUES ($1) ON CONFLICT DO NOTHING', [
      fingerprint,
    ]);
  }

  /** Whether live keys were hashed with a hash key that is not one of these. */
  async isAnyMissing(tx: Tx, fingerprints: readonly string[]): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `SELECT FROM hash_keys h WHERE fingerprint <> ALL($1) AND EXISTS (
         SELECT FROM key_secrets s JOIN api_keys k ON k.id = s.key_id
         WHERE s.hash_key = h.fingerprint AND ${isUnrevoked('k')}
           AND (k.expires_at IS NULL OR k.expires_at > now()))`,
      [fingerprints],
    );
    return rows.length > 0;
  }
}
