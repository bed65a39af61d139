import { line, render } from '../notifications/mail-text.js';
import type { Mail } from '../notifications/mailer.js';
import type { ManagerNotice } from './manager-notice.store.js';

const list = { id: 'operators', comment: 'Notices to operators' };

/** To an operator, about organisations without a manager. */
export function managerNoticeMail({ to, userName, orgs, total }: ManagerNotice): Mail {
  const count = total === 1 ? 'One organisation has' : `${total} organisations have`;
  const names = orgs.map(({ id, name }) => `"${line(name)}" (${id})`);
  const more = total > orgs.length ? [`and ${total - orgs.length} more`] : [];
  const mail = render(to, `${count} no manager any more`, [
    {
      text: `"${line(userName)}" was deactivated. No other active person manages:`,
      list: [...names, ...more],
    },
    {
      text: 'Add a manager to each, or reactivate this one: until then nobody there is notified of anything.',
    },
    { text: 'You get this mail because you are an operator.' },
  ]);
  return { ...mail, list };
}
