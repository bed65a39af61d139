import { describe, expect, it } from '@jest/globals';
import { SettingsError } from './settings.js';
import { showSettings } from './show-settings.js';

const secret = 'a secret of at least thirty-two characters';

function shown(variables: Record<string, string>): string[] {
  return showSettings(variables).filter((line) => line.endsWith('  (set)'));
}

describe('showSettings', () => {
  it('shows every setting, and what holds where none is set', () => {
    expect(showSettings({ HOST: '' })).toEqual([
      'PORT=3000, or the next free one  (default)',
      'HOST=127.0.0.1  (default)',
      'DATABASE_URL=embedded PostgreSQL  (default)',
      'DATABASE_MIGRATION_URL=as DATABASE_URL  (default)',
      'REDIS_URL=jobs in PostgreSQL  (default)',
      'KEYFENCE_ROLE=both in one process  (default)',
      'SMTP_URL=mail is written to the log  (default)',
      'KEYFENCE_MAIL_FROM=none  (default)',
      'KEYFENCE_OIDC_ISSUER=people sign in with links  (default)',
      'KEYFENCE_OIDC_CLIENT_ID=none  (default)',
      'KEYFENCE_OIDC_CLIENT_SECRET=none  (default)',
      'KEYFENCE_OIDC_MAIL_LINKS=false  (default)',
      'KEYFENCE_SESSION_MAX_MINUTES=720  (default)',
      'KEYFENCE_DATA_DIR=.keyfence  (default)',
      'KEYFENCE_SECRET=made at the first start  (default)',
      'KEYFENCE_KEY_PREFIX=kf  (default)',
      'KEYFENCE_TRUSTED_PROXIES=none  (default)',
      'KEYFENCE_MAX_FAILED_AUTHENTICATIONS=100  (default)',
      'KEYFENCE_VERIFY=strict  (default)',
      'KEYFENCE_CACHE_KEYS=200000  (default)',
      'KEYFENCE_MANAGEMENT_CONNECTIONS=10  (default)',
      'KEYFENCE_DENYING_CONNECTIONS=5  (default)',
      'KEYFENCE_VERIFICATION_CONNECTIONS=4, or 10 with direct  (default)',
      'KEYFENCE_FENCE_TIMEOUT_MS=250  (default)',
      'KEYFENCE_ALLOW_UNSAFE_DATABASE=false  (default)',
      'KEYFENCE_ALLOW_PRIVATE_WEBHOOKS=false  (default)',
      'KEYFENCE_PUBLIC_URL=where it listens  (default)',
      'KEYFENCE_HSTS_SUBDOMAINS=false  (default)',
      'KEYFENCE_LOG_VERIFICATIONS=false  (default)',
    ]);
  });

  it('shows what is set as it is understood, without secrets', () => {
    const lines = shown({
      PORT: '08080',
      HOST: '127.0.0.1',
      DATABASE_URL: 'postgres://service:hunter2@db/keyfence?sslmode=require',
      DATABASE_MIGRATION_URL: 'postgres://db/keyfence?user=owner&password=hunter2&sslmode=require',
      KEYFENCE_SECRET: `${secret}, ${secret} of old`,
      KEYFENCE_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      KEYFENCE_PUBLIC_URL: 'https://keys.example.com/',
      SOMETHING_ELSE: 'hunter2',
    });
    expect(lines).toEqual([
      'PORT=8080  (set)',
      'HOST=127.0.0.1  (set)',
      'DATABASE_URL=postgres://service:***@db/keyfence?sslmode=require  (set)',
      'DATABASE_MIGRATION_URL=postgres://db/keyfence?user=***&password=***&sslmode=require  (set)',
      'KEYFENCE_SECRET=***,***  (set)',
      'KEYFENCE_TRUSTED_PROXIES=10.0.0.0/8,::1/128  (set)',
      'KEYFENCE_PUBLIC_URL=https://keys.example.com  (set)',
    ]);
  });

  const passwords = ['hunter2', '12/hunter2', '12?hunter2', '12#hunter2', ':hunter2', 'h%75nter2'];
  for (const password of passwords) {
    it(`hides the password ${password} in each URL that may have one`, () => {
      const lines = shown({
        DATABASE_URL: `postgres://service:${password}@db/keyfence`,
        DATABASE_MIGRATION_URL: `postgresql://owner:${password}@db/keyfence`,
        REDIS_URL: `rediss://service:${password}@queue/1`,
        SMTP_URL: `smtps://service:${password}@mail`,
        KEYFENCE_MAIL_FROM: 'keys@example.com',
        KEYFENCE_PUBLIC_URL: `https://somebody:${password}@keys.example.com`,
        KEYFENCE_SECRET: secret,
      });
      expect(lines).toHaveLength(7);
      expect(lines.join('\n')).not.toMatch(/h(u|%75)nter2/);
      expect(lines.join('\n')).not.toContain(secret);
    });
  }

  it('no value makes a line of its own or speaks to the terminal', () => {
    expect(shown({ HOST: 'x\nPORT=1  (set)\u001b[2J' })).toEqual([
      'HOST=x%0APORT=1  (set)%1B[2J  (set)',
    ]);
  });

  it('refuses what a start would refuse', () => {
    expect(() => showSettings({ PORT: 'x' })).toThrow(SettingsError);
    expect(() => showSettings({ DATABASE_URL: 'postgres://db/keyfence' })).toThrow(
      /^KEYFENCE_SECRET is required/,
    );
  });
});
