import { describe, expect, it } from '@jest/globals';
import type { Settings } from '../../../src/config/settings.js';
import { createOrganisation } from '../../support/organisation.js';
import { expectProblem } from '../../support/refusals.js';
import { startService } from '../../support/service.js';
import { Browser, cookieOf, newLink, sameOrigin } from '../../support/sessions.js';

const mail = { smtpUrl: 'smtp://127.0.0.1:9', mailFrom: 'keys@keyfence.example' };

interface Row {
  settings: Partial<Settings>;
  mail: boolean;
  /** Where the console is; undefined where there is none. */
  origin?: string;
}

const rows: Record<string, Row> = {
  'https, with mail': {
    settings: { publicUrl: 'https://keys.example.com', ...mail },
    mail: true,
    origin: 'https://keys.example.com',
  },
  'https behind a path': {
    settings: { publicUrl: 'https://example.com:8443/keyfence' },
    mail: false,
    origin: 'https://example.com:8443',
  },
  'http on localhost': {
    settings: { publicUrl: 'http://localhost:3000' },
    mail: false,
    origin: 'http://localhost:3000',
  },
  'http elsewhere': { settings: { publicUrl: 'http://keys.example.com', ...mail }, mail: true },
};

describe('GET /v1/sign-in', () => {
  for (const [what, { settings, mail: canMail, origin }] of Object.entries(rows)) {
    it(`says what there is, and the console is there: ${what}`, async () => {
      const service = await startService({ settings });
      try {
        const { status, body } = await service.nobody.get('/v1/sign-in');
        const obstacle = origin === undefined ? expect.stringContaining('https') : null;
        const mailServer = 'smtpUrl' in settings;
        const expected = { mail: canMail, mailServer, provider: null, obstacle };
        expect({ status, body }).toEqual({ status: 200, body: expected });
        const { member } = await createOrganisation(service);
        const token = await newLink(service, member.email);
        const url = settings.publicUrl ?? '';
        const send = (from: string) =>
          service.nobody.post('/v1/session', { token }, sameOrigin(from));
        // Where it listens is not where it is.
        expectProblem(await send(service.url), 403, 'cross_site');
        const response = await send(new URL(url).origin);
        if (origin === undefined) {
          expectProblem(response, 403, 'cross_site');
          expect(response.body.detail).toMatch(/KEYFENCE_PUBLIC_URL/);
          return;
        }
        const browser = new Browser(service.nobody, origin, cookieOf(response));
        expect((await browser.get('/v1/session')).status).toBe(200);
      } finally {
        await service.stop();
      }
    });
  }
});
