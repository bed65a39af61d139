import { isId, type KeyId, type OrgId, type UserId } from '../common/ids.js';
import type { Tx } from '../database/transactions.js';
import type { CredentialId } from '../permissions/principal.js';

/** In the order in which every transaction locks them; the head follows at commit. */
const tables = ['organisations', 'users', 'memberships', 'api_keys', 'sessions'] as const;

/** A row that a change depends on (`share`) or alters (`alter`). */
export interface RowLock {
  table: (typeof tables)[number];
  mode: 'share' | 'alter';
  /** Column names and values that identify the row, the most significant first. */
  row: Record<string, string>;
}

export const lockOrg = (orgId: OrgId, mode: RowLock['mode']): RowLock => ({
  table: 'organisations',
  mode,
  row: { id: orgId },
});
export const lockUser = (userId: UserId, mode: RowLock['mode']): RowLock => ({
  table: 'users',
  mode,
  row: { id: userId },
});
export const lockMembership = (orgId: OrgId, userId: UserId, mode: RowLock['mode']): RowLock => ({
  table: 'memberships',
  mode,
  row: { org_id: orgId, user_id: userId },
});
/** The organisation is part of it, so that nobody can lock keys of another one. */
export const lockKey = (orgId: OrgId, keyId: KeyId, mode: RowLock['mode']): RowLock => ({
  table: 'api_keys',
  mode,
  row: { id: keyId, org_id: orgId },
});

/** The key or the session of the caller. */
export const lockCredential = (orgId: OrgId, id: CredentialId, mode: RowLock['mode']): RowLock =>
  isId('key', id) ? lockKey(orgId, id, mode) : { table: 'sessions', mode, row: { id } };

function keyOf({ table, row }: RowLock): string {
  return `${tables.indexOf(table)} ${Object.values(row).join(' ')}`;
}

/**
 * Takes all row locks in one fixed order, each in the strongest mode that is needed. A lock that is
 * strengthened later, or taken in another order, can lead to a deadlock.
 */
export async function takeLocks(tx: Tx, wanted: readonly RowLock[]): Promise<void> {
  const locks = new Map<string, RowLock>();
  for (const lock of wanted) {
    const key = keyOf(lock);
    if (locks.get(key)?.mode !== 'alter') locks.set(key, lock);
  }
  const ordered = [...locks].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, { table, mode, row }] of ordered) {
    const columns = Object.keys(row);
    const where = columns.map((column, index) => `${column} = $${index + 1}`).join(' AND ');
    const strength = mode === 'share' ? 'FOR SHARE' : 'FOR NO KEY UPDATE';
    await tx.query(`SELECT FROM ${table} WHERE ${where} ${strength}`, Object.values(row));
  }
}
