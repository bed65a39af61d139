import { byRules, fieldOfKind, type FieldOf } from './field.js';
import { containsSecret } from './secret.js';
import { isAtMost, isText, ofText, turnsNothing } from './text-fields.js';

const lines = /^(?:[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|[\t\n\r])*$/u;

/**
 * Text of several lines that a person typed: trimmed, in the Unicode form NFC, with LF at the end of each
 * line. Like a name it must not change how other text reads.
 *
 * @param max the largest number of characters (Unicode code points)
 */
export function Paragraph(max: number, about?: string): FieldOf<string> {
  const isFit = ofText((text) => isAtMost(max)(text) && lines.test(text));
  const convert = (value: unknown) =>
    isText(value) && isFit(value) ? value.replace(/\r\n?/g, '\n').normalize('NFC').trim() : value;
  const flaws = byRules(
    [isText, 'must be text'],
    [isAtMost(max), `must have at most ${max} characters`],
    [ofText((text) => lines.test(text)), 'must not contain control characters but line breaks'],
    [ofText((text) => text !== ''), 'must not be empty'],
    [ofText((text) => !containsSecret(text)), 'must not contain an API key: it would be stored'],
    turnsNothing,
  );
  const schema = { type: 'string', minLength: 1, maxLength: max, pattern: lines.source };
  return fieldOfKind({ schema, convert, flaws }, about);
}

/** The longest tag, in characters (Unicode code points). */
const longestTag = 30;
const tag = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._:/-]*$/u;

/**
 * A short word that things are found by. It has no spaces. The case of letters makes no difference: it is
 * stored in lower case, in the Unicode form NFC.
 */
export function Tag(about?: string): FieldOf<string> {
  const convert = (value: unknown) =>
    isText(value) && isAtMost(longestTag)(value) && tag.test(value.normalize('NFC'))
      ? value.normalize('NFC').toLowerCase().normalize('NFC')
      : value;
  const flaws = byRules(
    [isText, 'must be text'],
    [isAtMost(longestTag), `must have at most ${longestTag} characters`],
    [
      ofText((text) => tag.test(text)),
      'must be a word of letters, digits and . _ : / - that begins with a letter or a digit',
    ],
  );
  const schema = { type: 'string', minLength: 1, maxLength: longestTag, pattern: tag.source };
  return fieldOfKind({ schema, convert, flaws }, about);
}
