import { define, type Class, type FieldOf, type Kind } from '../common/field.js';
import { isEmailAddress } from '../common/fields.js';
import { maskUrl } from './mask-url.js';

/** A line of the table of settings. */
interface Row {
  /** The environment variable. */
  name: string;
  /** The field of `SettingsTable` that it sets. */
  field: string;
  /** What it is for, in Markdown. A test compares docs/operations.md with it. */
  meaning: string;
  /** What applies when the variable is not set, for settings without a fixed default. */
  unset: string | undefined;
  /** Hides secrets in the value, or in each entry of a list. */
  mask: (value: unknown) => string;
}

/** The table of settings, which the decorators of `SettingsTable` fill. */
export const rows: Row[] = [];

/** Marks a text that is no valid value of a setting. */
class Unfit {
  constructor(readonly allowed: string) {}
}

/** The kind of a setting. All settings come as text. */
interface SettingKind<V> {
  field: Kind;
  /** Only declares the type of the value. */
  read: (text: string) => V | undefined;
  mask: Row['mask'];
}

/**
 * @param allowed what an operator can write, for the error message
 * @param read converts the text; undefined when it is invalid
 */
export function kindOf<V>(
  allowed: string | ((text: string) => string),
  read: (text: string) => V | undefined,
  mask: Row['mask'] = String,
): SettingKind<V> {
  const convert = (value: unknown) => {
    const text = String(value);
    return read(text) ?? new Unfit(typeof allowed === 'string' ? allowed : allowed(text));
  };
  const flaws = (value: unknown) =>
    value instanceof Unfit ? [{ path: '', message: value.allowed }] : [];
  return { field: { schema: { type: 'string' }, convert, flaws }, read, mask };
}

/**
 * A line of the table of settings. The field is initialised with the default, if there is a fixed one.
 *
 * @param name the environment variable
 * @param meaning its purpose, in Markdown
 */
export function Setting<V>(
  name: string,
  { field: kind, mask }: SettingKind<V>,
  meaning: string,
  { unset, isSecret }: { unset?: string; isSecret?: true } = {},
): FieldOf<V> {
  const decorate = (target: object, key: PropertyKey) => {
    const field = String(key);
    rows.push({ name, field, meaning, unset, mask: isSecret ? () => '***' : mask });
    const type = target.constructor as Class<object>;
    define(type, field, { kind, isOptional: true, isNullable: false, isPreset: false });
  };
  return Object.assign(decorate, { kind });
}

/** One of these words. */
export const word = <const V extends string>(words: readonly V[], allowed: string) =>
  kindOf<V>(allowed, (text) => words.find((each) => each === text));

/** Text that matches a pattern. */
export const textLike = (pattern: RegExp, allowed: string) =>
  kindOf(allowed, (text) => (pattern.test(text) ? text : undefined));

export const anyText = textLike(/^/, 'text');

/** A whole number within bounds. */
export const wholeNumber = (what: string, min: number, max: number, note = '') =>
  kindOf(`${what} from ${min} to ${max}${note}`, (text) => {
    const number = Number(text);
    return Number.isInteger(number) && number >= min && number <= max ? number : undefined;
  });

const yes = ['true', '1', 'yes', 'on', 'y', 'enabled'];
const no = ['false', '0', 'no', 'off', 'n', 'disabled'];

/** True or false, in the usual spellings. */
export const onOff = kindOf('true or false', (text) => {
  const lower = text.toLowerCase();
  return yes.includes(lower) || (no.includes(lower) ? false : undefined);
});

/**
 * The trimmed URL, if it has one of these schemes; undefined if it is none.
 *
 * @param scheme without its colon
 */
export function readUrl(scheme: RegExp, text: string): string | undefined {
  const url = text.trim().replace(/[\t\n\r]/g, '');
  if (!URL.canParse(url)) return undefined;
  const { protocol } = new URL(url);
  // The parser accepts `http:host` as well.
  const isWhole = !protocol.startsWith('http') || /^https?:\/\//i.test(url);
  return isWhole && scheme.test(protocol.slice(0, -1)) ? url : undefined;
}

/** A URL of one of these schemes. */
export const urlOf = (scheme: RegExp, allowed: string) =>
  kindOf(allowed, (text) => readUrl(scheme, text), maskUrl);

/** Entries with commas between them, each of which must be valid. */
export const commaList = (allowed: string, read: (entry: string) => string | undefined) =>
  kindOf<readonly string[]>(allowed, (text) => {
    const entries = text.split(',').map((entry) => read(entry.trim()));
    return entries.every((entry) => entry !== undefined) ? entries : undefined;
  });

/** An address, or a name and an address (RFC 5322) whose name needs no quotes. */
export const mailbox = kindOf(
  'an e-mail address, or a name and an address: Keyfence <keys@example.com>',
  (text) => {
    const value = text.trim();
    const [, address = value] = /^[^<>()[\]:;@\\,"\p{Cc}]*<([^<>]+)>$/u.exec(value) ?? [];
    return isEmailAddress(address) ? value : undefined;
  },
);
