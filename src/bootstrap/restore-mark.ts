import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import type { Settings } from '../config/settings.js';
import { connect } from '../database/connect.js';
import { createClient } from '../database/connection.js';
import { Transactions, type Committed } from '../database/transactions.js';
import { OrgStore } from '../orgs/org.store.js';

/** The epochs of the history, before and after. */
interface Epochs {
  before: string;
  after: string;
}

/**
 * Marks the database as restored. Its history continues from the state of the backup: numbers that were
 * used after it are used again, for other changes.
 */
@Injectable()
export class RestoreMark {
  constructor(
    private readonly transactions: Transactions,
    private readonly orgs: OrgStore,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Begins a new epoch, so that every node drops its cache.
   *
   * @throws any error that prevents the mark from being stored; Problem `outcome_unknown` when that is
   *   not known
   */
  async set(): Promise<Committed<Epochs>> {
    const after = randomUUID();
    return this.transactions.run(async (tx) => {
      const { id: orgId } = await this.orgs.getOperator(tx);
      const [head] = await tx.query<{ epoch: string }[]>('SELECT epoch FROM auth_head');
      if (head === undefined) throw new Error('auth_head has no row');
      const before = head.epoch;
      await this.audit.append(tx, null, [
        {
          orgId,
          action: 'database.restored',
          targetId: orgId,
          before: { epoch: before },
          after: { epoch: after },
        },
      ]);
      // In another cluster a transaction can have the same id as the one that took the last number.
      // This one as well: it would take none. The commit of this one leaves an id of this cluster.
      await tx.query('UPDATE auth_head SET epoch = $1, xid = NULL', [after]);
      return { before, after };
    });
  }
}

/**
 * Connects as the role that owns the tables.
 *
 * @throws when there is nothing to mark in the database, or the role lacks the privilege
 */
export async function refuseUnmarkable({ databaseUrl, migrationUrl }: Settings): Promise<void> {
  const client = createClient(migrationUrl ?? databaseUrl);
  try {
    await connect(client, migrationUrl === undefined ? 'DATABASE_URL' : 'DATABASE_MIGRATION_URL');
    const { rows } = await client.query<{ role: string; mayMark: boolean | null }>(
      `SELECT current_user AS role,
         has_table_privilege(to_regclass('public.auth_head'), 'UPDATE') AS "mayMark"`,
    );
    const [found] = rows;
    if (found?.mayMark === true) return;
    throw new Error(
      found?.mayMark === false
        ? `The database role ${found.role} has no right to change auth_head. ` +
            'Set DATABASE_MIGRATION_URL, which connects as the role that owns the tables.'
        : 'This database has no tables of Keyfence: there is nothing to mark.',
    );
  } finally {
    await client.end();
  }
}
