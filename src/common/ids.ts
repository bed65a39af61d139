import { randomUUID } from 'node:crypto';
import { TypeID, typeid } from 'typeid-js';

/** Identifiers follow the TypeID specification (v0.3): a type prefix and a UUID in base 32. */
export type Id<Prefix extends string> = `${Prefix}_${string}`;
export type OrgId = Id<'org'>;
export type UserId = Id<'usr'>;
export type KeyId = Id<'key'>;
export type SecretId = Id<'sec'>;
export type AuditEventId = Id<'aud'>;
export type DeliveryId = Id<'dlv'>;
export type WebhookId = Id<'whk'>;
export type SessionId = Id<'ses'>;
export type IdentityId = Id<'idn'>;

/** A new identifier over a UUIDv7: later ones sort after earlier ones. */
export function newId<Prefix extends string>(prefix: Prefix): Id<Prefix> {
  return typeid(prefix as string).toString() as Id<Prefix>;
}

/**
 * A new user identifier, over a random UUIDv4. The time in a UUIDv7 would show a manager who adds an
 * e-mail address whether the installation already knew that address.
 */
export function newUserId(): UserId {
  return TypeID.fromUUID('usr', randomUUID()).toString();
}

/** The form of identifiers of this type, as a regular expression. */
export function idPattern(prefix: string): string {
  return `^${prefix}_[0-7][0-9a-hjkmnp-tv-z]{25}$`;
}

/** Whether a text from outside is a well-formed identifier of this type. */
export function isId<Prefix extends string>(prefix: Prefix, text: unknown): text is Id<Prefix> {
  return typeof text === 'string' && new RegExp(idPattern(prefix)).test(text);
}
