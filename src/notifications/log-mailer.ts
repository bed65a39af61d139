import type { Log } from '../telemetry/log.js';
import { Mailer, type Mail, type Mailed } from './mailer.js';

/** Logs mails instead of sending them, if no mail server is set. */
export class LogMailer extends Mailer {
  constructor(private readonly log: Log) {
    super();
  }

  override send(id: string, { to, subject, text }: Mail): Promise<Mailed> {
    this.log.logger.info({ id, to, subject, text }, 'a mail, not sent: SMTP_URL is not set');
    return Promise.resolve('logged');
  }
}
