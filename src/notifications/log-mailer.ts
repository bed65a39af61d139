import type { Log } from '../telemetry/log.js';
import { Mailer, type Mail } from './mailer.js';

/** Tells the log of mails, where no server for them is set. */
export class LogMailer extends Mailer {
  constructor(private readonly log: Log) {
    super();
  }

  override send(id: string, { to, subject }: Mail): Promise<void> {
    this.log.logger.info({ id, to, subject }, 'a mail, not sent: SMTP_URL is not set');
    return Promise.resolve();
  }
}
