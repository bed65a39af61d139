import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { FailureThrottle } from '../auth/throttling/failure-throttle.js';
import { lockUser, takeLocks } from '../changes/row-locks.js';
import { Problem } from '../common/errors.js';
import type { UserId } from '../common/ids.js';
import { Settings } from '../config/settings.js';
import { Transactions, type Tx } from '../database/transactions.js';
import { JobQueue } from '../jobs/job-queue.js';
import type { RunningJob } from '../jobs/running-job.js';
import { render } from '../notifications/mail-text.js';
import { Mailer, type Mail } from '../notifications/mailer.js';
import { OrgStore } from '../orgs/org.store.js';
import { SignInLinkStore } from './sign-in-link.store.js';
import { SignInMailStore } from './sign-in-mail.store.js';
import { hashToken, newToken } from './token.js';

function linkMail(to: string, link: string): Mail {
  return render(to, 'Sign in to Keyfence', [
    { text: 'Sign in with this link. It works once, within 15 minutes:', link },
    { text: 'If you did not ask for it, there is nothing to do: nobody else has it.' },
  ]);
}

/** Sign-in links. The token comes after a `#`, so browsers send it to nobody. Only its hash is stored. */
@Injectable()
export class SignInLinks {
  constructor(
    private readonly store: SignInLinkStore,
    private readonly mails: SignInMailStore,
    private readonly orgs: OrgStore,
    private readonly transactions: Transactions,
    private readonly audit: AuditLog,
    private readonly queue: JobQueue,
    private readonly mailer: Mailer,
    private readonly throttle: FailureThrottle,
    private readonly settings: Settings,
  ) {}

  /**
   * Whether links can be mailed. The public URL has to be known for that. And if people sign in at a
   * provider, where accounts can be closed, a mailbox must not be a way around that unless the settings
   * allow it.
   */
  get canBeMailed(): boolean {
    const { smtpUrl, publicUrl, oidc, oidcMailLinks } = this.settings;
    const isWanted = oidc === undefined || oidcMailLinks;
    return isWanted && smtpUrl !== undefined && publicUrl !== undefined;
  }

  /**
   * Whether operators may hand out links: where none can be mailed, and nobody signs in at a provider,
   * which a link would get around.
   */
  get canBeHandedOut(): boolean {
    const { smtpUrl, oidc, oidcMailLinks } = this.settings;
    return smtpUrl === undefined && (oidc === undefined || oidcMailLinks);
  }

  /**
   * Requests that a link is mailed to the person with this address. Whether there is one is found out
   * later, so that neither the response nor its time shows it. A request counts like a failed
   * authentication. If the address has had as many mails as allowed lately, nothing is done, and the
   * response is the same.
   *
   * @throws Problem `mail_not_set_up`, `too_many_failures`, `unavailable`
   */
  async request(email: string, ip: string | undefined): Promise<void> {
    this.throttle.admit(ip);
    this.throttle.count(ip);
    if (!this.canBeMailed) throw new Problem('mail_not_set_up');
    if (!(await this.mails.count(email))) return;
    // One waiting job is enough.
    const id = createHash('sha256').update(email).digest('hex');
    try {
      await this.queue.add('sign-in', id, { email });
    } catch (cause) {
      await this.mails.uncount(email);
      throw new Problem('unavailable', undefined, {}, { cause });
    }
  }

  /** Makes a link and mails it, if there is a person with this address. */
  async mail(email: string, running: RunningJob): Promise<void> {
    // A node with other settings may have accepted the request.
    if (!this.canBeMailed) return;
    const link = await this.make(email, this.settings.publicUrl ?? '', 'mail');
    if (link === undefined) return;
    await running.waitFor('the mail server', () =>
      this.mailer.send(randomUUID(), linkMail(email, link), running.signal),
    );
  }

  /**
   * Makes a link, and records that in the log of the operators. Earlier links stay valid: otherwise
   * anybody who requests one could end them.
   *
   * @param url of the console
   * @param by how the link gets to the person: by mail, or from the person who ran the command
   * @returns undefined when no active person has this address
   * @throws Problem as `Transactions.run` does
   */
  async make(email: string, url: string, by: 'mail' | 'command'): Promise<string | undefined> {
    const userId = await this.store.personWith(email);
    if (userId === undefined) return undefined;
    const { link } = await this.transactions.run(async (tx) => {
      // Before the link, in the order of a deactivation: that one ends the links that it finds.
      await takeLocks(tx, [lockUser(userId, 'share')]);
      const made = await this.insert(tx, userId, email, url);
      if (made !== undefined) {
        const { id: orgId } = await this.orgs.getOperator(tx);
        const entry = { orgId, action: 'user.link_made' as const, targetId: userId, after: { by } };
        await this.audit.append(tx, null, [entry]);
      }
      return { link: made };
    });
    return link;
  }

  /**
   * @param userId whose row is locked
   * @returns a new link; undefined when the user is not active, or has another address by now
   */
  async insert(tx: Tx, userId: UserId, email: string, url: string): Promise<string | undefined> {
    const token = newToken('link');
    const isMade = await this.store.insert(tx, userId, email, hashToken(token));
    return isMade ? `${url}/sign-in#${token}` : undefined;
  }
}
