import { setTimeout as delay } from 'node:timers/promises';
import { KeyfenceError } from '../errors.js';
import { path } from './api.js';
import type { Command, Run } from './command.js';
import { confirm, confirmed } from './confirm.js';
import { asJson, given, inOrg, orgOf, userIdOf } from './shared.js';

/** Milliseconds between two looks at how much is left, and how many of them say so. */
const pauseMs = 1_000;
const looksPerNote = 5;

const counted = (keys: number) => (keys === 1 ? '1 key' : `${keys.toLocaleString('en')} keys`);

const statusOf = (error: unknown) =>
  error instanceof KeyfenceError ? error.problem.status : undefined;

/** Waits until no key is left, and says how it ended. */
async function untilOver({ api, printer }: Run, of: string): Promise<string> {
  for (let look = 0; ; look += 1) {
    await delay(pauseMs);
    try {
      const { remaining } = await api.get<'getMemberKeysRevocation'>(of);
      if (remaining === 0) return 'All of the keys are revoked.';
      if (look % looksPerNote === 0) printer.note(`${counted(remaining)} left.`);
    } catch (error) {
      if (statusOf(error) === 401)
        return 'The key that you use here is refused now. It comes last.';
      if (statusOf(error) === 404) return 'No longer a member: none of the keys works any more.';
      throw error;
    }
  }
}

async function question({ api, words }: Run, org: string, owner: string): Promise<string> {
  const query = { owner, state: 'active', limit: 1, total: 'true' };
  const { total = 0 } = await api.get<'listKeys'>(path`/v1/orgs/${org}/keys`, query);
  return `Revoke all keys of ${words.operand()}? ${counted(total)} will stop working.`;
}

export const revokeMemberKeys: Command = {
  about: 'revokes all keys of somebody who stays a member',
  operand: '<member>',
  target: 'member',
  options: {
    reason: { value: '<text>', about: 'for the audit log' },
    ...confirmed,
    ...inOrg,
    ...asJson,
  },
  notes: `The member is named by the id, or by the e-mail address. Keys that are created later stay. The command waits
until all are revoked. If it is stopped, Keyfence revokes the rest nevertheless.`,
  run: async (run) => {
    const { printer, api, words } = run;
    const org = await orgOf(run);
    const userId = await userIdOf(run, org, words.operand());
    await confirm(run, () => question(run, org, userId));
    const of = path`/v1/orgs/${org}/members/${userId}/keys/revoke`;
    const body = given({ reason: words.text('reason') });
    const done = await api.act<'revokeMemberKeys'>(of, body);
    const { revoked, remaining } = done;
    printer.result(done, () => {
      printer.line(`${counted(revoked)} ${revoked === 1 ? 'is' : 'are'} revoked.`);
    });
    if (remaining > 0) printer.note(await untilOver(run, of));
  },
};
