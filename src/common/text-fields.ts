import { isIP } from 'node:net';
import { isIn } from 'class-validator';
import { byRules, fieldOfKind, type FieldOf, type JsonObject, type Rule } from './field.js';
import { idPattern, isId, type Id } from './ids.js';
import { containsSecret } from './secret.js';

/** Whether a value is text. */
export const isText = (value: unknown): value is string => typeof value === 'string';
/** A condition on text; other values do not meet it. */
export const ofText =
  <T>(holds: (text: string) => T) =>
  (value: unknown) =>
    isText(value) && holds(value);

/** Characters are Unicode code points, as those of `maxLength` in JSON Schema are. */
export const isAtMost = (max: number) =>
  ofText((text) => text.length <= max || (text.length <= 2 * max && [...text].length <= max));

const typed = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u;

const textRules = (max: number): Rule[] => [
  [isText, 'must be text'],
  [isAtMost(max), `must have at most ${max} characters`],
  [ofText((text) => typed.test(text)), 'must not contain control characters'],
  [ofText((text) => text !== ''), 'must not be empty'],
  [ofText((text) => !containsSecret(text)), 'must not contain an API key: it would be stored'],
];

function typedText(max: number, about: string | undefined, ...rules: Rule[]): FieldOf<string> {
  const schema = { type: 'string', minLength: 1, maxLength: max, pattern: typed.source };
  // A text that is too long before trimming stays invalid: the OpenAPI document says so.
  const isFit = (value: unknown) =>
    isAtMost(max)(value) && ofText((text) => typed.test(text))(value);
  const convert = (value: unknown) =>
    isText(value) && isFit(value) ? value.normalize('NFC').trim() : value;
  return fieldOfKind({ schema, convert, flaws: byRules(...textRules(max), ...rules) }, about);
}

/**
 * Text that a person typed: trimmed, without control characters and without halves of surrogate pairs,
 * which PostgreSQL can store neither as text nor as JSON. It is in the Unicode form NFC: keyboards differ
 * in how they write the same letters, and names are found by those that another one writes.
 *
 * @param max the largest number of characters (Unicode code points)
 */
export const Text = (max: number, about?: string) => typedText(max, about);

/** The characters that change the direction of the text around them (Unicode, Bidi_Control). */
export const directionControls = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';
const turning = new RegExp(`[${directionControls}]`);
export const turnsNothing: Rule = [
  ofText((text) => !turning.test(text)),
  'must not contain characters that change the direction of text',
];

/** U+2800 is a symbol, of Braille, and blank. */
const visible = /[^\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;
const showsSomething: Rule = [
  ofText((text) => visible.test(text)),
  'must contain a visible character',
];

/**
 * A name. It is shown within other text, must be seen there, and must not change how that reads.
 *
 * @param max the largest number of characters (Unicode code points)
 */
export const Name = (max: number, about?: string) =>
  typedText(max, about, turnsNothing, showsSomething);

/**
 * A name of a person or an organisation. It is in mails from our address, and must not become a link
 * there.
 *
 * @param max the largest number of characters (Unicode code points)
 */
export const MailedName = (max: number, about?: string) =>
  typedText(max, about, turnsNothing, showsSomething, [
    ofText((text) => !/:\/\/|www\./i.test(text)),
    'must not contain :// or www., as in a link',
  ]);

/** Text that programs write and read, unchanged. */
export function Characters(about?: string, max = Infinity): FieldOf<string> {
  const isBounded = Number.isFinite(max);
  const schema = { type: 'string', ...(isBounded && { maxLength: max }) };
  const flaws = byRules(
    [isText, 'must be text'],
    [isAtMost(max), `must have at most ${max} characters`],
  );
  return fieldOfKind({ schema, flaws, isExact: true }, about);
}

/** Text that matches a pattern. */
export function Matching<V extends string = string>(
  pattern: RegExp,
  message: string,
  about?: string,
): FieldOf<V> {
  const flaws = byRules([ofText((text) => pattern.test(text)), message]);
  return fieldOfKind<V>(
    { schema: { type: 'string', pattern: pattern.source }, flaws, isExact: true },
    about,
  );
}

/** Text with a condition that the schema cannot express. */
export const TextThat = (holds: (text: string) => boolean, message: string, about?: string) =>
  fieldOfKind<string>(
    { schema: { type: 'string' }, flaws: byRules([ofText(holds), message]) },
    about,
  );

const mailbox = /^([\w'+-]+\.)*[\w'+-]*[\w+-]@([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/;

/** Whether this is an e-mail address: with ASCII letters only, without quotes, not at an IP address. */
export const isEmailAddress = ofText((text) => mailbox.test(text));

/**
 * Lowercases ASCII letters only. Some other letters become ASCII letters as well: U+212A KELVIN SIGN
 * becomes a `k`, and the address would be somebody else's.
 */
const foldCase = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const isAddressee = (value: unknown) => isAtMost(254)(value) && isEmailAddress(value);

/** An e-mail address as it is stored; undefined when it is invalid. */
export const toEmailAddress = (value: unknown): string | undefined =>
  isText(value) && isAddressee(value) ? foldCase(value) : undefined;

/** An e-mail address. The case of its letters, which are all ASCII, makes no difference. */
export const Email = (about?: string) =>
  fieldOfKind<string>(
    {
      schema: { type: 'string', format: 'email', maxLength: 254 },
      convert: (value) => toEmailAddress(value) ?? value,
      flaws: byRules([isAddressee, 'must be an e-mail address']),
    },
    about,
  );

/** A value that matches one of these schemas. */
export const anyOf = (schemas: JsonObject[]): JsonObject =>
  schemas.length === 1 ? { ...schemas[0] } : { anyOf: schemas };

const isAddress = ofText((text) => isIP(text) !== 0 && !text.includes('%'));

/** An IP address. */
export function Address(about?: string): FieldOf<string> {
  const schema = anyOf(['ipv4', 'ipv6'].map((format) => ({ type: 'string', format })));
  const flaws = byRules([isAddress, 'must be an IPv4 or IPv6 address']);
  return fieldOfKind({ schema, flaws, isExact: true }, about);
}

/** An identifier of one of these types. */
export function IdOf<P extends string>(prefixes: P | readonly P[], about?: string): FieldOf<Id<P>> {
  const all = [prefixes].flat() as P[];
  const names = all.map((prefix) => `${prefix}_…`);
  const told = [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' or ');
  return fieldOfKind<Id<P>>(
    {
      schema: anyOf(all.map((prefix) => ({ type: 'string', pattern: idPattern(prefix) }))),
      flaws: byRules([
        (value) => all.some((prefix) => isId(prefix, value)),
        `must be an id such as ${told}`,
      ]),
      isExact: true,
    },
    about,
  );
}

/** One of these words. */
export const OneOf = <const V extends string>(values: readonly V[], about?: string) =>
  fieldOfKind<V>(
    {
      schema: { type: 'string', enum: values },
      flaws: byRules([
        (value) => isText(value) && isIn(value, values),
        `must be one of ${values.join(', ')}`,
      ]),
      isExact: true,
    },
    about,
  );

/** A URL. */
export const Url = (about?: string) =>
  fieldOfKind<string>(
    {
      schema: { type: 'string', format: 'uri' },
      flaws: byRules([ofText((text) => URL.canParse(text)), 'must be a URL']),
    },
    about,
  );
