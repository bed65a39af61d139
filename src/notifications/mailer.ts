/** An e-mail to one person. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** What it is one of, so that people can file it (RFC 2919). */
  list?: { id: string; comment: string };
}

/** Sends e-mail. */
export abstract class Mailer {
  /**
   * Hands a mail to whoever brings it further.
   *
   * @param id makes the Message-ID: a mail that is sent again has the same one
   * @throws DeliveryError when it was not taken, or not known to be
   */
  abstract send(id: string, mail: Mail): Promise<void>;
}
