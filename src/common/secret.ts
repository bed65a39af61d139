import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const randomLength = 36;
const checksumLength = 6;

/** Characters of the longest secret, or a few more: longer texts are not examined. */
export const longestSecret = 80;

const form = new RegExp(
  `^([a-z][a-z0-9]{0,15}(?:_[a-z0-9]{1,15})?)_([0-9A-Za-z]{${randomLength}})([0-9A-Za-z]{${checksumLength}})$`,
);

/** Base 62, padded, of the CRC-32 (ISO 3309) over the text. */
function checksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let place = 0; place < checksumLength; place += 1) {
    digits = `${alphabet.charAt(rest % 62)}${digits}`;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** A new secret: 36 characters of base 62 carry 214 bits from the system's random generator. */
export function newSecret(prefix: string): string {
  const random = Array.from({ length: randomLength }, () => alphabet.charAt(randomInt(62)));
  const body = `${prefix}_${random.join('')}`;
  return body + checksum(body);
}

/**
 * Whether the text has the form of a secret and a correct checksum. Everything else can be refused
 * without asking the store.
 */
export function isWellFormed(text: string): boolean {
  if (text.length > longestSecret || !form.test(text)) return false;
  return text.endsWith(checksum(text.slice(0, -checksumLength)));
}

/** What lists show instead of a secret: enough to recognise it, useless to authenticate. */
export function mask(secret: string): string {
  const [, prefix = '', random = ''] = form.exec(secret) ?? [];
  return `${prefix}_${random.slice(0, 4)}…${secret.slice(-4)}`;
}

const longestPrefix = 32;
const behindPrefix = 1 + randomLength + checksumLength;
const candidate = new RegExp(`(?=_[0-9A-Za-z]{${behindPrefix - 1}})`, 'g');

/** Whether the text contains a secret anywhere, even directly after other letters. */
export function containsSecret(text: string): boolean {
  for (const { index } of text.matchAll(candidate)) {
    for (let start = Math.max(0, index - longestPrefix); start < index; start += 1) {
      if (isWellFormed(text.slice(start, index + behindPrefix))) return true;
    }
  }
  return false;
}

/**
 * The beginning of a text that others chose, to be stored or shown.
 *
 * @param length of it, in UTF-16 code units
 * @returns undefined if the text contains a secret, even one that the cut would split: a search does
 *   not find the rest, which can be everything except the checksum
 */
export function beginningOf(text: string, length: number): string | undefined {
  const seen = text.slice(0, length + longestPrefix + behindPrefix);
  return containsSecret(seen) ? undefined : text.slice(0, length);
}

/**
 * What is stored or shown of a reason that others have worded: one line, and no key.
 *
 * @param reason undefined for a job that is being retried
 */
export function shownReason(reason: string | undefined = ''): string {
  return beginningOf(reason.replace(/\p{C}+/gu, ' '), 500) ?? 'not shown: it contains a key';
}
