import { line, render } from '../notifications/mail-text.js';
import type { Mail } from '../notifications/mailer.js';
import type { Invitation } from './invitation.store.js';

const list = { id: 'invitations', comment: 'Invitations to organisations' };

/** To somebody who was added to an organisation. Nobody can sign in with the mail alone. */
export function invitationMail({ to, orgName }: Invitation, publicUrl?: string): Mail {
  const org = line(orgName);
  const mail = render(to, `You were added to ${org}`, [
    { text: `You are a member of "${org}" now, and can manage its API keys in the console.` },
    publicUrl === undefined
      ? { text: 'Ask the person who added you for the address of the console.' }
      : { text: 'Sign in with this e-mail address:', link: `${publicUrl}/` },
    { text: 'If you do not know the organisation, there is nothing to do.' },
  ]);
  return { ...mail, list };
}
