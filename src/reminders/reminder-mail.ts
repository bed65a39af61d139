import type { Mail } from '../notifications/mailer.js';
import { relativeTime } from './relative-time.js';
import type { ExpiringKey, Told } from './reminder.store.js';

/** Names come from people: in HTML they must not be more than text (HTML, 13.1.2). */
function escapeHtml(text: string): string {
  const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => named[character] ?? character);
}

/** On one line, whatever stands in the database, and without marks that turn the text around it. */
function line(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

function when({ expiresAt }: ExpiringKey, now: Date): string {
  const ms = expiresAt.getTime() - now.getTime();
  return `${ms > 0 ? 'expires' : 'expired'} ${relativeTime(ms)}`;
}

const instant = (date: Date) => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** A mail in both forms, made of paragraphs; a list is one paragraph. */
interface Paragraph {
  text: string;
  list?: readonly string[];
  code?: string;
}

function render(to: string, subject: string, paragraphs: readonly Paragraph[]): Mail {
  const text = paragraphs.map(({ text: words, list = [], code }) =>
    [words, ...list.map((item) => `- ${item}`), ...(code ? [`  ${code}`] : [])].join('\n'),
  );
  const html = paragraphs.map(({ text: words, list, code }) => {
    const items = list?.map((item) => `<li>${escapeHtml(item)}</li>`).join('');
    const rest = items === undefined ? '' : `<ul>${items}</ul>`;
    return `<p>${escapeHtml(words)}</p>${rest}${code ? `<pre>${escapeHtml(code)}</pre>` : ''}`;
  });
  return {
    to,
    subject,
    text: `${text.join('\n\n')}\n`,
    html: `<!doctype html><html lang="en"><meta charset="utf-8"><body>${html.join('\n')}</body></html>\n`,
  };
}

const why = {
  owner: 'You get this mail because the key is yours.',
  manager: 'You get this mail, once a day at the most, because you manage the organisation.',
};

/** To the owner of a key, about that key. */
export function ownerMail({ to, orgId, orgName, keys, now }: Told, publicUrl?: string): Mail {
  const [key] = keys;
  if (key === undefined) throw new Error('there is no key to tell of');
  const [name, org] = [line(key.keyName), line(orgName)];
  const url = `${publicUrl ?? ''}/v1/orgs/${orgId}/keys`;
  const headline = `The API key "${name}" of ${org} ${when(key, now)}`;
  const isOver = key.expiresAt <= now;
  return render(to, headline, [
    { text: `${headline}: ${instant(key.expiresAt)}.` },
    {
      text: isOver
        ? 'Requests with it are refused. If you still need it:'
        : 'From then on requests with it are refused. If you need it for longer:',
    },
    { text: '1. Create a new key with the same limits:', code: `POST ${url}` },
    { text: '2. Put its secret wherever the old one is in use. It is shown once.' },
    { text: '3. Then revoke the old key:', code: `DELETE ${url}/${key.keyId}` },
    { text: `If you do not need it any more there is nothing to do. ${why.owner}` },
  ]);
}

/** To a manager, about all keys of the organisation that it is time to speak of. */
export function digestMail(
  { to, orgId, orgName, keys, total, now }: Told,
  publicUrl?: string,
): Mail {
  const org = line(orgName);
  const list = keys.map((key) => {
    const owner = line(key.ownerName);
    return `"${line(key.keyName)}" of ${owner} ${when(key, now)}: ${instant(key.expiresAt)} (${key.keyId})`;
  });
  const more = total > keys.length ? [`and ${total - keys.length} more`] : [];
  const count = total === 1 ? 'One API key' : `${total} API keys`;
  const url = `${publicUrl ?? ''}/v1/orgs/${orgId}/keys`;
  return render(to, `${count} of ${org} ${total === 1 ? 'needs' : 'need'} attention`, [
    { text: `${count} of ${org}:`, list: [...list, ...more] },
    { text: 'Owners can replace their keys, and you those of service accounts:' },
    { text: '1. Create a new key for the same owner:', code: `POST ${url}` },
    { text: '2. Put its secret wherever the old one is in use. It is shown once.' },
    { text: '3. Then revoke the old key:', code: `DELETE ${url}/{keyId}` },
    { text: why.manager },
  ]);
}
