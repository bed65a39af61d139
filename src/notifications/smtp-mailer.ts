import { createTransport, type Transporter } from 'nodemailer';
import { DeliveryError } from './deliveries.js';
import { Mailer, type Mail, type Mailed } from './mailer.js';

/** Milliseconds that the server may take for each step. */
const timeouts = {
  dnsTimeout: 5_000,
  connectionTimeout: 5_000,
  greetingTimeout: 10_000,
  // Some servers check a mail for long before they accept it; after a shorter time it would be sent
  // twice.
  socketTimeout: 30_000,
};

/** The fields of a failure in nodemailer. */
interface SmtpFailure {
  responseCode?: number;
  command?: string;
}

/** Whether the server will never accept mail for this address (RFC 5321, 4.2.1). */
function isRefusedAddress({ responseCode = 0, command }: SmtpFailure): boolean {
  return command === 'RCPT TO' && responseCode >= 500;
}

/** Sends mail through an SMTP server (RFC 5321), with one connection for each mail. */
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
    this.transport = createTransport({ url, ...timeouts, ...safely });
  }

  override async send(id: string, { list, ...mail }: Mail, signal: AbortSignal): Promise<Mailed> {
    const { domain, from } = this;
    try {
      await this.transport.sendMail({
        ...mail,
        from,
        messageId: `<${id}@${domain}>`,
        // RFC 3834: no out-of-office reply.
        headers: { 'Auto-Submitted': 'auto-generated' },
        ...(list && { list: { id: { url: `${list.id}.${domain}`, comment: list.comment } } }),
        // A server can also respond byte by byte: the job's deadline ends that.
        signal,
      });
      return 'sent';
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new DeliveryError(message, isRefusedAddress(error as SmtpFailure));
    }
  }
}
