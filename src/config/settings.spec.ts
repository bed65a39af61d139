import { describe, expect, it } from '@jest/globals';
import { readSettings } from './settings.js';
import { SettingsTable } from './settings-table.js';

const secret = 'a secret of at least thirty-two characters';
const database = { DATABASE_URL: 'postgres://localhost/keyfence', KEYFENCE_SECRET: secret };

describe('readSettings', () => {
  it('needs nothing to be set, and takes an empty value for unset', () => {
    const defaults = { ...new SettingsTable(), oidc: undefined, startedByNpm: false };
    for (const variables of [{}, { PORT: '', DATABASE_URL: '', KEYFENCE_SECRET: '', HOST: '' }]) {
      expect(readSettings(variables)).toEqual(defaults);
    }
  });

  it('reads lists, the first secret first, and ranges in canonical form', () => {
    const settings = readSettings({
      ...database,
      KEYFENCE_SECRET: `${secret}, ${secret} of old`,
      KEYFENCE_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      KEYFENCE_PUBLIC_URL: 'https://keys.example.com/',
    });
    expect(settings.secrets).toEqual([secret, `${secret} of old`]);
    expect(settings.trustedProxies).toEqual(['10.0.0.0/8', '::1/128']);
    expect(settings.publicUrl).toBe('https://keys.example.com');
  });

  const wrong: Record<string, [Record<string, string>, RegExp]> = {
    'a port that is none': [{ PORT: '65536' }, /^PORT is not valid\. Allowed: /],
    'a way to verify that is none': [{ KEYFENCE_VERIFY: 'fast' }, /^KEYFENCE_VERIFY .*strict/],
    'connections for nobody else': [
      { KEYFENCE_DENYING_CONNECTIONS: '1' },
      /^KEYFENCE_DENYING_CONNECTIONS .*number of connections/,
    ],
    'no room for two keys': [{ KEYFENCE_CACHE_KEYS: '1' }, /^KEYFENCE_CACHE_KEYS .*number of keys/],
    'an invalid time': [
      { KEYFENCE_FENCE_TIMEOUT_MS: '1s' },
      /^KEYFENCE_FENCE_TIMEOUT_MS .*number of milliseconds/,
    ],
    'sessions that never end': [
      { KEYFENCE_SESSION_MAX_MINUTES: '721' },
      /^KEYFENCE_SESSION_MAX_MINUTES .*number of minutes from 5 to 720/,
    ],
    'a switch that is neither on nor off': [
      { KEYFENCE_ALLOW_UNSAFE_DATABASE: 'maybe' },
      /^KEYFENCE_ALLOW_UNSAFE_DATABASE .*true or false/,
    ],
    'a database of another kind': [
      { ...database, DATABASE_URL: 'mysql://localhost/x' },
      /^DATABASE_URL is not valid\. Allowed: a URL postgres:/,
    ],
    'a queue of another kind': [
      { REDIS_URL: 'http://localhost' },
      /^REDIS_URL is not valid\. Allowed: a URL redis:/,
    ],
    'a role that is none': [{ KEYFENCE_ROLE: 'both' }, /^KEYFENCE_ROLE .*api .* or worker/],
    'a mail server of another kind': [
      { SMTP_URL: 'http://localhost' },
      /^SMTP_URL is not valid\. Allowed: a URL smtp:/,
    ],
    'a mail server without a sender': [
      { SMTP_URL: 'smtp://localhost' },
      /^KEYFENCE_MAIL_FROM is required when SMTP_URL is set/,
    ],
    'a sender without an address': [
      { KEYFENCE_MAIL_FROM: 'Keyfence' },
      /^KEYFENCE_MAIL_FROM is not valid\. Allowed: an e-mail address/,
    ],
    'two senders': [
      { KEYFENCE_MAIL_FROM: 'a@example.com, Keyfence <b@example.com>' },
      /^KEYFENCE_MAIL_FROM is not valid/,
    ],
    'a provider that others could speak for': [
      { KEYFENCE_OIDC_ISSUER: 'http://id.example.com', KEYFENCE_OIDC_CLIENT_ID: 'keyfence' },
      /^KEYFENCE_OIDC_ISSUER is not valid\. Allowed: an https URL/,
    ],
    'a provider without a client': [
      { KEYFENCE_OIDC_ISSUER: 'https://id.example.com' },
      /^KEYFENCE_OIDC_ISSUER and KEYFENCE_OIDC_CLIENT_ID need each other/,
    ],
    'a client without a provider': [
      { KEYFENCE_OIDC_CLIENT_SECRET: 'of the client' },
      /^KEYFENCE_OIDC_ISSUER and KEYFENCE_OIDC_CLIENT_ID need each other/,
    ],
    'a provider that cannot send anybody back': [
      { KEYFENCE_OIDC_ISSUER: 'https://id.example.com', KEYFENCE_OIDC_CLIENT_ID: 'keyfence' },
      /^KEYFENCE_PUBLIC_URL is required when KEYFENCE_OIDC_ISSUER is set/,
    ],
    'a short secret': [{ KEYFENCE_SECRET: `${secret},short` }, /^KEYFENCE_SECRET .*32 characters/],
    'a database without a secret': [
      { ...database, KEYFENCE_SECRET: '' },
      /^KEYFENCE_SECRET is required when DATABASE_URL is set/,
    ],
    'a role for migrations of no database': [
      { DATABASE_MIGRATION_URL: 'postgres://localhost/x' },
      /^DATABASE_MIGRATION_URL needs DATABASE_URL/,
    ],
    'a prefix with capitals': [{ KEYFENCE_KEY_PREFIX: 'KF' }, /^KEYFENCE_KEY_PREFIX is not valid/],
    'a proxy that is no address': [
      { KEYFENCE_TRUSTED_PROXIES: '10.0.0.0/8,localhost' },
      /^KEYFENCE_TRUSTED_PROXIES is not valid\. Allowed: a comma-separated list/,
    ],
    'a public URL of no browser': [
      { KEYFENCE_PUBLIC_URL: 'ftp://example.com' },
      /^KEYFENCE_PUBLIC_URL is not valid\. Allowed: the http\(s\) URL/,
    ],
  };
  for (const [what, [variables, message]] of Object.entries(wrong)) {
    it(`names ${what}, and what is allowed`, () => {
      expect(() => readSettings(variables)).toThrow(message);
    });
  }

  it('takes a sender with and without a name', () => {
    for (const from of ['keys@example.com', 'Keyfence <keys@example.com>', '<keys@example.com>']) {
      expect(readSettings({ KEYFENCE_MAIL_FROM: ` ${from} ` }).mailFrom).toBe(from);
    }
  });

  it('names all that is wrong at once, and never the value', () => {
    const variables = { PORT: 'x', KEYFENCE_SECRET: 'my short secret' };
    expect(() => readSettings(variables)).toThrow(/PORT[^]*\nKEYFENCE_SECRET/);
    expect(() => readSettings(variables)).not.toThrow(/my short secret/);
  });
});
