import { createHash, createHmac, hkdfSync } from 'node:crypto';

/** The end of the audit chain at some time: the number of its rows, and the hash of the last one. */
export interface ChainHead {
  seq: number;
  /** SHA-256, as 64 hexadecimal digits. */
  hash: string;
}

/** The head of a chain without rows. */
export const genesis: ChainHead = {
  seq: 0,
  hash: createHash('sha256').update('keyfence audit chain').digest('hex'),
};

/**
 * The fields of an event in the order in which they are hashed, as SQL over `event`. They do not depend
 * on settings of the session, nor on columns that the table gets later.
 */
export const hashedFields = `ARRAY[
  event.id, event.org_id, trim_scale(extract(epoch FROM event.at) * 1000)::text,
  event.actor_org_id, event.actor_user_id, event.actor_key_id, event.action, event.target_id,
  event.before::text, event.after::text, event.ip, event.user_agent, event.request_id
]`;

/** Which of the fields is the time, in milliseconds since 1970. */
export const timeField = 2;

/** The head after the event with these fields. Each field is encoded with its length. */
export function extend(head: ChainHead, fields: readonly (string | null)[]): ChainHead {
  const content = fields.map((field) =>
    field === null ? '-' : `${Buffer.byteLength(field)}:${field}`,
  );
  const hash = createHash('sha256').update(head.hash, 'hex').update(content.join(''));
  return { seq: head.seq + 1, hash: hash.digest('hex') };
}

/** A copy of a head, with the signature of the node that wrote it down, if it has one. */
interface HeadCopy extends ChainHead {
  signature: string | undefined;
}

/** Reads `<seq>:<hash>` or `<seq>:<hash>:<signature>`; undefined when it is neither. */
export function parseHead(text: string): HeadCopy | undefined {
  const [, seq, hash, signature] =
    /^(\d{1,15}):([0-9a-f]{64})(?::([0-9a-f]{64}))?$/.exec(text) ?? [];
  return seq === undefined || hash === undefined
    ? undefined
    : { seq: Number(seq), hash, signature };
}

export function formatHead({ seq, hash }: ChainHead): string {
  return `${seq}:${hash}`;
}

/** HMAC-SHA-256 (RFC 2104) of a head under a key derived (RFC 5869) from one of our secrets. */
export function signatureOf(head: ChainHead, secret: string): string {
  const key = Buffer.from(hkdfSync('sha256', secret, 'keyfence', 'audit chain head', 32));
  return createHmac('sha256', key).update(formatHead(head)).digest('hex');
}
