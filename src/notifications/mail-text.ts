import type { Mail } from './mailer.js';

/** Names come from people: in HTML they must not be more than text (HTML, 13.1.2). */
function escapeHtml(text: string): string {
  const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => named[character] ?? character);
}

/** On one line, whatever stands in the database, and without marks that turn the text around it. */
export function line(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

/** A part of a mail; a list is one part. */
export interface Paragraph {
  text: string;
  list?: readonly string[];
  code?: string;
  /** A URL to follow. */
  link?: string;
}

/** A mail whose text and HTML say the same. */
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
    html: `<!doctype html><html lang="en"><meta charset="utf-8"><body>${html.join('\n')}</body></html>\n`,
  };
}
