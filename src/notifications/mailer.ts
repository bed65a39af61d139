/** An e-mail to one person. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The kind of mail, for filters (RFC 2919). */
  list?: { id: string; comment: string };
}

/** What became of a mail. Without a mail server it is only logged. */
export type Mailed = 'sent' | 'logged';

/** Sends e-mail. */
export abstract class Mailer {
  /**
   * Hands a mail to a server.
   *
   * @param id for the Message-ID: a mail that is sent again has the same one
   * @param signal ends it early
   * @throws DeliveryError when it was not accepted, or that is not known
   */
  abstract send(id: string, mail: Mail, signal: AbortSignal): Promise<Mailed>;
}
