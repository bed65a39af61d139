import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newToken } from '../../../src/sessions/token.js';
import type { ApiResponse, Caller } from '../../support/client.js';
import { count } from '../../support/environment.js';
import { eventually } from '../../support/eventually.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { startService, type Service } from '../../support/service.js';
import { sameOrigin, signIn, type Browser } from '../../support/sessions.js';

/** More than a credential, and an organisation, can have under way. */
const callsAtOnce = count(200, 600);

/** How long revokes take beside such calls is measured by `npm run bench -- neighbours`. */
describe(`${callsAtOnce} calls at once, of a caller that does not wait as Retry-After says`, () => {
  let service: Service;
  let noisy: Organisation;
  let other: Organisation;
  let browser: Browser;
  let path: string;
  let reader: Caller;

  beforeAll(async () => {
    service = await startService();
    noisy = await createOrganisation(service);
    other = await createOrganisation(service);
    browser = await signIn(service, noisy.member);
    reader = service.as((await createKey(noisy.member, noisy)).secret);
    path = noisy.path(`/keys/${(await createKey(noisy.member, noisy)).id}`);
  });
  afterAll(() => service.stop());

  const made = () => ({
    cookie: `__Host-keyfence=${newToken('session')}`,
    ...sameOrigin(service.url),
  });
  const kinds: Record<string, () => Promise<ApiResponse>> = {
    'changes by a key': () => noisy.member.patch(path, { name: 'again' }),
    'changes by a session': () => browser.patch(path, { name: 'again' }),
    'changes that are not allowed': () => reader.patch(path, { name: 'again' }),
    reads: () => noisy.member.get(noisy.path('/keys')),
    revokes: () => noisy.member.delete(path),
    'sessions that nobody has': () => service.nobody.get(noisy.path('/keys'), made()),
  };

  /** On a starved machine one comes too late for the database; none would succeed without the bounds. */
  const revoke = (id: string) =>
    eventually(async () => {
      const { status } = await other.manager.delete(other.path(`/keys/${id}`));
      expect([200, 503]).toContain(status);
      return status === 200;
    });

  /** Makes the calls, each again as soon as it has its response, until a caller ends it. */
  function start(call: () => Promise<ApiResponse>) {
    let isOver = false;
    let responses = 0;
    const loops = Array.from({ length: callsAtOnce }, async () => {
      while (!isOver) {
        await call();
        responses += 1;
      }
    });
    return {
      responses: () => responses,
      end: async () => {
        isOver = true;
        await Promise.all(loops);
      },
    };
  }

  for (const [name, call] of Object.entries(kinds)) {
    it(`keep no other organisation from revoking: ${name}`, async () => {
      const keys = [];
      for (let n = 0; n < 10; n += 1) keys.push(await createKey(other.member, other));
      const calls = start(call);
      try {
        await eventually(() => calls.responses() >= callsAtOnce);
        for (const { id } of keys) await revoke(id);
      } finally {
        await calls.end();
      }
    });
  }
});
