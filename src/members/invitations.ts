import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Mutations } from '../changes/mutations.js';
import { lockMembership } from '../changes/row-locks.js';
import { Problem } from '../common/errors.js';
import type { DeliveryId, OrgId, UserId } from '../common/ids.js';
import { Settings } from '../config/settings.js';
import type { Committed, Tx } from '../database/transactions.js';
import { DeliveryStore } from '../notifications/delivery.store.js';
import type { Mail } from '../notifications/mailer.js';
import { InvitationStore } from './invitation.store.js';
import { invitationMail } from './invitation-mail.js';
import { memberView, type MemberView } from './member.dto.js';
import { MemberStore } from './member.store.js';

/** Mails a day to one person, from all organisations: nobody's mailbox is filled by strangers. */
const mostToPerson = 10;
/** Mails a day from one organisation: nobody sends to any number of addresses in our name. */
const mostFromOrg = 500;
const minute = 60;

/** Mails that tell people who were added to an organisation where to sign in. They hold no link that signs in. */
@Injectable()
export class Invitations {
  constructor(
    private readonly store: InvitationStore,
    private readonly members: MemberStore,
    private readonly deliveries: DeliveryStore,
    private readonly mutations: Mutations,
    private readonly settings: Settings,
  ) {}

  /**
   * Invites somebody who was added, in the same transaction. If there were too many mails of the kind,
   * there is none, and the person can be invited again later.
   */
  async queue(tx: Tx, orgId: OrgId, userId: UserId): Promise<void> {
    const { toPerson, fromOrg } = await this.store.recent(tx, orgId, userId);
    if (toPerson < mostToPerson && fromOrg < mostFromOrg) await this.insert(tx, orgId, userId);
  }

  /**
   * Invites a member again who has not opened the organisation yet.
   *
   * @throws Problem `not_pending`, `no_mail_server`, `too_many_invitations`
   */
  repeat(caller: Caller, orgId: OrgId, userId: UserId): Promise<Committed<MemberView>> {
    const locks = [lockMembership(orgId, userId, 'share')];
    return this.mutations.runIn(caller, orgId, locks, async ({ tx, record }) => {
      const member = await this.members.get(orgId, userId, tx);
      if (!member.pending) throw new Problem('not_pending');
      if (this.settings.smtpUrl === undefined) throw new Problem('no_mail_server');
      const { toPerson, fromOrg, justNow } = await this.store.recent(tx, orgId, userId);
      if (justNow > 0) throw new Problem('too_many_invitations', undefined, { retryAfter: minute });
      if (toPerson >= mostToPerson || fromOrg >= mostFromOrg) {
        throw new Problem('too_many_invitations', undefined, { retryAfter: 60 * minute });
      }
      await this.insert(tx, orgId, userId);
      await record({ orgId, action: 'member.invited', targetId: userId });
      return memberView(member);
    });
  }

  /** The mail of a delivery; null when there is nothing to send. */
  async mail(id: DeliveryId): Promise<Mail | null> {
    const invited = await this.store.ofDelivery(id);
    return invited && invitationMail(invited, this.settings.publicUrl);
  }

  private insert(tx: Tx, orgId: OrgId, recipientId: UserId): Promise<void> {
    return this.deliveries.insertNotices(tx, [
      { orgId, recipientId, notice: { kind: 'invitation' } },
    ]);
  }
}
