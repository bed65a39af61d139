import { line, render } from '../notifications/mail-text.js';
import type { Mail } from '../notifications/mailer.js';
import { relativeTime } from './relative-time.js';
import type { ExpiringKey, Told } from './reminder.store.js';

function when({ expiresAt }: ExpiringKey, now: Date): string {
  const ms = expiresAt.getTime() - now.getTime();
  return `${ms > 0 ? 'expires' : 'expired'} ${relativeTime(ms)}`;
}

const instant = (date: Date) => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const list = { id: 'key-expiry', comment: 'Expiry of API keys' };

const why = {
  owner: 'You get this mail because the key is yours.',
  manager: 'You get this mail, at most once a day, because you manage the organisation.',
};

/** To the owner of a key, about that key. */
export function ownerMail({ to, orgId, orgName, keys, now }: Told, publicUrl?: string): Mail {
  const [key] = keys;
  if (key === undefined) throw new Error('there is no key for this mail');
  const [name, org] = [line(key.keyName), line(orgName)];
  const url = `${publicUrl ?? ''}/v1/orgs/${orgId}/keys`;
  const headline = `The API key "${name}" of ${org} ${when(key, now)}`;
  const isOver = key.expiresAt <= now;
  const mail = render(to, headline, [
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
  return { ...mail, list };
}

/** To a manager, about all keys of the organisation with a reminder that is due. */
export function digestMail(
  { to, orgId, orgName, keys, total, now }: Told,
  publicUrl?: string,
): Mail {
  const org = line(orgName);
  const lines = keys.map((key) => {
    const owner = line(key.ownerName);
    return `"${line(key.keyName)}" of ${owner} ${when(key, now)}: ${instant(key.expiresAt)} (${key.keyId})`;
  });
  const more = total > keys.length ? [`and ${total - keys.length} more`] : [];
  const count = total === 1 ? 'One API key' : `${total} API keys`;
  const url = `${publicUrl ?? ''}/v1/orgs/${orgId}/keys`;
  const mail = render(to, `${count} of ${org} ${total === 1 ? 'needs' : 'need'} attention`, [
    { text: `${count} of ${org}:`, list: [...lines, ...more] },
    { text: 'Owners can replace their keys, and you those of service accounts:' },
    { text: '1. Create a new key for the same owner:', code: `POST ${url}` },
    { text: '2. Put its secret wherever the old one is in use. It is shown once.' },
    { text: '3. Then revoke the old key:', code: `DELETE ${url}/{keyId}` },
    { text: why.manager },
  ]);
  return { ...mail, list };
}
