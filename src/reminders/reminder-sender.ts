import { Injectable } from '@nestjs/common';
import type { DeliveryId } from '../common/ids.js';
import { Settings } from '../config/settings.js';
import { Mailer } from '../notifications/mailer.js';
import { Deliveries } from '../outbox/deliveries.js';
import { digestMail, ownerMail } from './reminder-mail.js';
import { ReminderStore } from './reminder.store.js';

/** Sends what sweeps have written down. */
@Injectable()
export class ReminderSender {
  constructor(
    private readonly store: ReminderStore,
    private readonly deliveries: Deliveries,
    private readonly mailer: Mailer,
    private readonly settings: Settings,
  ) {}

  /** Tries to deliver; what the mail says is found out only now. */
  async send(id: DeliveryId): Promise<void> {
    const { publicUrl } = this.settings;
    await this.deliveries.attempt(id, async (isDigest) => {
      const told = await (isDigest ? this.store.ofDigest(id) : this.store.ofReminder(id));
      if (told === null) return 'obsolete';
      const mail = isDigest ? digestMail(told, publicUrl) : ownerMail(told, publicUrl);
      await this.mailer.send(id, mail);
      return 'sent';
    });
  }
}
