import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { Transactions, type Tx } from '../database/transactions.js';
import { DeliveryStore, type NewDelivery } from '../notifications/delivery.store.js';
import type { NewEvent } from '../notifications/events.js';
import { Outbox } from '../notifications/outbox.js';
import { ReminderStore, type DueReminder } from './reminder.store.js';

/** Keys in one transaction: while it commits, no other change can commit. */
const batch = 500;

function toOwner({ ownerId, orgId, keyId, expiresAt, threshold }: DueReminder): NewDelivery[] {
  return ownerId === null ? [] : [{ orgId, recipientId: ownerId, keyId, expiresAt, threshold }];
}

/** The expiry itself is an audited event, which notifies webhooks, too. */
function toPrograms({ orgId, keyId, expiresAt, threshold }: DueReminder): NewEvent[] {
  if (threshold === 0) return [];
  const details = { expiresAt, daysBefore: threshold };
  const reminder = { keyId, expiresAt, threshold };
  return [{ orgId, type: 'key.expiring', keyId, details, reminder }];
}

/** Finds what is due, and stores a delivery for each recipient. */
@Injectable()
export class ReminderSweep {
  constructor(
    private readonly store: ReminderStore,
    private readonly transactions: Transactions,
    private readonly audit: AuditLog,
    private readonly deliveryStore: DeliveryStore,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Any number of sweeps can run at a time: they take turns, and find nothing that another has found.
   * One that finds nothing changes nothing.
   */
  async run(): Promise<void> {
    let due = await this.store.whatIsDue();
    while (due.keys) {
      const { isDone } = await this.transactions.run((tx) => this.plan(tx));
      if (!isDone) break;
      due = await this.store.whatIsDue();
    }
    // After all keys: what becomes due later today waits for the digest of tomorrow.
    if (!due.keys && due.digests) await this.transactions.run((tx) => this.writeDigests(tx));
  }

  private async plan(tx: Tx): Promise<{ isDone: boolean }> {
    if (!(await this.store.isAlone(tx))) return { isDone: false };
    const reminders = await this.store.plan(tx, await this.store.takeWatched(tx, batch));
    await this.deliveryStore.supersede(
      tx,
      reminders.map(({ keyId }) => keyId),
    );
    await this.deliveryStore.insert(tx, reminders.flatMap(toOwner));
    await this.outbox.append(tx, reminders.flatMap(toPrograms));
    const expiries = reminders.filter(({ threshold }) => threshold === 0);
    await this.audit.append(
      tx,
      null,
      expiries.map(({ orgId, keyId, expiresAt }) => ({
        orgId,
        action: 'key.expired',
        targetId: keyId,
        after: { expiresAt },
      })),
    );
    return { isDone: true };
  }

  private async writeDigests(tx: Tx): Promise<{ isDone: boolean }> {
    if (!(await this.store.isAlone(tx))) return { isDone: false };
    const { day, readers } = await this.store.gatherDigests(tx);
    if (readers.length === 0) return { isDone: true };
    await this.deliveryStore.insert(
      tx,
      readers.map(({ orgId, userId }) => ({ orgId, recipientId: userId, digestDay: day })),
    );
    await this.deliveryStore.takeOverDigests(tx, day);
    return { isDone: true };
  }
}
