import type { Command } from './command.js';
import { asJson } from './shared.js';
import { minuteOf } from './text.js';

export const check: Command = {
  about: 'says what the key of KEYFENCE_KEY may do, or one that it asks for',
  target: 'key',
  question: 'The key to check: ',
  options: asJson,
  run: async ({ api, printer }) => {
    const key = await api.whoami();
    printer.result(key, () => {
      printer.details([
        ['Key', `${key.keyName} (${key.keyId})`],
        ['Organisation', `${key.orgName} (${key.orgId})`],
        ['Owner', `${key.ownerName} (${key.ownerId})`],
        ['Scope', key.scope],
        ['Expires', key.expiresAt === null ? 'never' : minuteOf(key.expiresAt)],
        ['Permissions', key.permissions.length === 0 ? 'none' : key.permissions.join('\n')],
      ]);
    });
  },
};
