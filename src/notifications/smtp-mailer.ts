import { createTransport, type Transporter } from 'nodemailer';
import { DeliveryError } from '../outbox/deliveries.js';
import { Mailer, type Mail } from './mailer.js';

/** Milliseconds that the server may keep us waiting, so that none hangs on it. */
const patience = {
  dnsTimeout: 5_000,
  connectionTimeout: 5_000,
  greetingTimeout: 10_000,
  // Some look at a mail for long before they take it; it would come twice.
  socketTimeout: 30_000,
};
/** Milliseconds for all of it: a server can also answer byte by byte. */
const longest = 60_000;

/** What nodemailer tells of a failure. */
interface SmtpFailure {
  responseCode?: number;
  command?: string;
}

/** Whether the server will never take mail for this address (RFC 5321, 4.2.1). */
function isRefusedAddress({ responseCode = 0, command }: SmtpFailure): boolean {
  return command === 'RCPT TO' && responseCode >= 500;
}

/** Sends mail through an SMTP server (RFC 5321), over a connection for each. */
export class SmtpMailer extends Mailer {
  private readonly transport: Transporter;
  private readonly domain: string;

  /**
   * @param url `smtp://` (with STARTTLS where it is offered) or `smtps://`
   * @param from an address, or a name and an address
   */
  constructor(
    url: string,
    private readonly from: string,
  ) {
    super();
    this.domain = from.slice(from.lastIndexOf('@') + 1).replace('>', '');
    const safely = { disableFileAccess: true, disableUrlAccess: true };
    this.transport = createTransport({ url, ...patience, ...safely });
  }

  override async send(id: string, { list, ...mail }: Mail): Promise<void> {
    const { domain, from } = this;
    try {
      await this.transport.sendMail({
        ...mail,
        from,
        messageId: `<${id}@${domain}>`,
        // RFC 3834: no out-of-office reply.
        headers: { 'Auto-Submitted': 'auto-generated' },
        ...(list && { list: { id: { url: `${list.id}.${domain}`, comment: list.comment } } }),
        signal: AbortSignal.timeout(longest),
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new DeliveryError(message, isRefusedAddress(error as SmtpFailure));
    }
  }
}
