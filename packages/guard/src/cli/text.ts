/**
 * What a terminal would obey instead of showing it, or that changes how other text reads: control
 * characters, of C1 as well, line separators, and those that turn the direction of text. Names that
 * were written by hand can have them, and what a proxy responds with.
 */
const harmful = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const escaped = (character: string) =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text of one line, with everything harmful spelled out. */
export const harmless = (text: string) => text.replace(harmful, escaped);

/** JSON in one line. The same value, with escapes where a terminal would obey. */
export const harmlessJson = (value: unknown) => JSON.stringify(value).replace(harmful, escaped);

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Scripts whose characters take two columns of a terminal. */
const wide =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation})/u;

const widthOf = (segment: string) => (wide.test(segment) ? 2 : 1);

const segmentsOf = (text: string) => [...segments.segment(text)].map(({ segment }) => segment);

/** How many columns of a terminal it takes. */
export const columnsOf = (text: string) =>
  segmentsOf(text).reduce((sum, segment) => sum + widthOf(segment), 0);

/** Text that takes at most these columns, with … at its end if something is missing. */
export function shortened(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let [start, left] = ['', columns - 1];
  for (const segment of segmentsOf(text)) {
    left -= widthOf(segment);
    if (left < 0) break;
    start += segment;
  }
  return `${start}…`;
}

/** A day, in UTC. */
export const dayOf = (instant: string) => instant.slice(0, 10);

/** A minute, in UTC. */
export const minuteOf = (instant: string) => `${instant.slice(0, 16).replace('T', ' ')} UTC`;

/** A second, in UTC. */
export const secondOf = (instant: string) => instant.slice(0, 19).replace('T', ' ');
