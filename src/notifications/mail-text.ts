import { directionControls } from '../common/fields.js';
import type { Mail } from './mailer.js';

/** Names come from people: in HTML they must be nothing but text (HTML, 13.1.2). */
function escapeHtml(text: string): string {
  const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => named[character] ?? character);
}

const breaks = new RegExp(`[\\p{Cc}\\p{Zl}\\p{Zp}${directionControls}]+`, 'gu');

/**
 * A name in a form that is safe in a mail, whatever is stored: on one line, without characters that
 * change the direction of text, and with an invisible word joiner (U+2060) after each character by
 * which mail programs recognise links and addresses.
 */
export function line(text: string): string {
  return text.replace(breaks, ' ').replace(/[.:@/]/g, '$&\u2060');
}

/** Tells mail programs that support it not to make links of addresses and numbers in the text. */
const linksNothing =
  '<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">';

/** A part of a mail; a list is one part. */
interface Paragraph {
  text: string;
  list?: readonly string[];
  code?: string;
  /** A URL to follow. */
  link?: string;
}

/** A mail with the same content as text and as HTML. The HTML has no links except those of its paragraphs. */
export function render(to: string, subject: string, paragraphs: readonly Paragraph[]): Mail {
  const text = paragraphs.map(({ text: words, list = [], code, link }) => {
    const shown = [code, link].filter((each) => each !== undefined);
    return [words, ...list.map((item) => `- ${item}`), ...shown.map((each) => `  ${each}`)].join(
      '\n',
    );
  });
  const html = paragraphs.map(({ text: words, list, code, link }) => {
    const items = list?.map((item) => `<li>${escapeHtml(item)}</li>`).join('');
    return [
      `<p>${escapeHtml(words)}</p>`,
      items && `<ul>${items}</ul>`,
      code && `<pre>${escapeHtml(code)}</pre>`,
      link && `<p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>`,
    ].join('');
  });
  return {
    to,
    subject,
    text: `${text.join('\n\n')}\n`,
    html: `<!doctype html><html lang="en"><meta charset="utf-8">${linksNothing}<body>${html.join('\n')}</body></html>\n`,
  };
}
