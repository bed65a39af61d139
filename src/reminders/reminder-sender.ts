import { Injectable } from '@nestjs/common';
import type { DeliveryId } from '../common/ids.js';
import { Settings } from '../config/settings.js';
import { Mailer, type Mail } from '../notifications/mailer.js';
import { Deliveries } from '../notifications/deliveries.js';
import type { RunningJob } from '../jobs/running-job.js';
import type { Attempt } from '../notifications/delivery.store.js';
import { managerNoticeMail } from '../users/manager-notice.js';
import { Invitations } from '../members/invitations.js';
import { ManagerNoticeStore } from '../users/manager-notice.store.js';
import { digestMail, ownerMail } from './reminder-mail.js';
import { ReminderStore } from './reminder.store.js';

/** Sends mails: the reminders that sweeps have stored, notices to operators, and invitations. */
@Injectable()
export class ReminderSender {
  constructor(
    private readonly store: ReminderStore,
    private readonly notices: ManagerNoticeStore,
    private readonly invitations: Invitations,
    private readonly deliveries: Deliveries,
    private readonly mailer: Mailer,
    private readonly settings: Settings,
  ) {}

  /** Attempts a delivery. The text of the mail is made only now. */
  async send(id: DeliveryId, running: RunningJob): Promise<void> {
    await this.deliveries.attempt(id, async (kind) => {
      const mail = await this.mails[kind](id);
      if (mail === null) return 'obsolete';
      return running.waitFor('the mail server', () => this.mailer.send(id, mail, running.signal));
    });
  }

  /** The mail of each kind with the current facts; null when there is nothing to send. */
  private readonly mails: Record<Attempt['kind'], (id: DeliveryId) => Promise<Mail | null>> = {
    reminder: async (id) => {
      const told = await this.store.ofReminder(id);
      return told && ownerMail(told, this.settings.publicUrl);
    },
    digest: async (id) => {
      const told = await this.store.ofDigest(id);
      return told && digestMail(told, this.settings.publicUrl);
    },
    notice: async (id) => {
      const notice = await this.notices.ofDelivery(id);
      return notice && managerNoticeMail(notice);
    },
    invitation: (id) => this.invitations.mail(id),
  };
}
