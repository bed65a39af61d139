import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Problem } from '../common/errors.js';
import { Settings } from '../config/settings.js';
import { line, render } from '../notifications/mail-text.js';
import { Mailer, type Mail } from '../notifications/mailer.js';
import { JobQueue } from '../queue/job-queue.js';
import { FailureThrottle } from '../throttling/failure-throttle.js';
import { SignInLinkStore } from './sign-in-link.store.js';
import { hashToken, newToken } from './token.js';

function linkMail(to: string, name: string, link: string): Mail {
  return render(to, 'Sign in to Keyfence', [
    { text: `Hello ${line(name)},` },
    { text: 'with this link you sign in. It works once, within 15 minutes:', link },
    { text: 'If you did not ask for it there is nothing to do: nobody else has it.' },
  ]);
}

/**
 * Links that people sign in with. The token stands behind a `#`, which browsers send to nobody, and
 * nothing but its hash is stored.
 */
@Injectable()
export class SignInLinks {
  constructor(
    private readonly store: SignInLinkStore,
    private readonly queue: JobQueue,
    private readonly mailer: Mailer,
    private readonly throttle: FailureThrottle,
    private readonly settings: Settings,
  ) {}

  /** Whether links can be mailed: to say where they lead, the public URL has to be known. */
  get canBeMailed(): boolean {
    const { smtpUrl, publicUrl } = this.settings;
    return smtpUrl !== undefined && publicUrl !== undefined;
  }

  /**
   * Lets a link be mailed to whoever has this address. Whether anybody does is found out later, so that
   * neither the answer nor its time tells. Asking counts as a failed authentication does.
   *
   * @throws Problem `mail_not_set_up`, `too_many_failures`, `unavailable`
   */
  async request(email: string, ip: string | undefined): Promise<void> {
    this.throttle.admit(ip);
    this.throttle.count(ip);
    if (!this.canBeMailed) throw new Problem('mail_not_set_up');
    // One that waits already is enough.
    const id = createHash('sha256').update(email).digest('hex');
    try {
      await this.queue.add('sign-in', id, { email });
    } catch (cause) {
      throw new Problem('unavailable', undefined, {}, { cause });
    }
  }

  /** Makes a link and mails it, where there is somebody with this address. */
  async mail(email: string): Promise<void> {
    const made = await this.make(email, this.settings.publicUrl ?? '');
    if (made === undefined) return;
    await this.mailer.send(randomUUID(), linkMail(email, made.name, made.link));
  }

  /**
   * Makes a link, which ends the one before it.
   *
   * @param url where the console is
   * @returns undefined when no active person has this address
   */
  async make(email: string, url: string): Promise<{ link: string; name: string } | undefined> {
    const token = newToken('link');
    const person = await this.store.replace(email, hashToken(token));
    return person && { link: `${url}/sign-in#${token}`, name: person.name };
  }
}
