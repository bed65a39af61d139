import { parseCidr } from '../common/ip.js';
import { isTrustworthy } from '../common/trustworthy.js';
import { maskUrl } from './mask-url.js';
import {
  anyText,
  commaList,
  kindOf,
  mailbox,
  onOff,
  readUrl,
  Setting,
  textLike,
  urlOf,
  wholeNumber,
  word,
} from './setting-parts.js';

const postgresUrl = urlOf(/^postgres(ql)?$/, 'a URL postgres://user:password@host:port/database');

const httpUrl = (text: string) => readUrl(/^https?$/, text);

/**
 * Every setting: its environment variable, allowed values, purpose and default, and whether it is
 * secret. `npm run config` and the table in docs/operations.md show the same.
 */
export class SettingsTable {
  @Setting('PORT', wholeNumber('a TCP port', 0, 65_535, ' (0 takes a free one)'), 'TCP port', {
    unset: '3000, or the next free one',
  })
  readonly port?: number;

  @Setting('HOST', anyText, 'address to listen on')
  readonly host: string = '127.0.0.1';

  @Setting(
    'DATABASE_URL',
    postgresUrl,
    '`postgres://…` of a PostgreSQL 15 or newer, encoding UTF8',
    { unset: 'embedded PostgreSQL' },
  )
  readonly databaseUrl?: string;

  @Setting(
    'DATABASE_MIGRATION_URL',
    postgresUrl,
    'connects as the role that owns the tables; the role of `DATABASE_URL` then cannot change the audit log or the history',
    { unset: 'as DATABASE_URL' },
  )
  readonly migrationUrl?: string;

  @Setting(
    'REDIS_URL',
    urlOf(/^rediss?$/, 'a URL redis://user:password@host:port/database'),
    '`redis://…` or `rediss://…` of a Redis 6.2 or newer that holds the [jobs](#processes-and-jobs)',
    { unset: 'jobs in PostgreSQL' },
  )
  readonly redisUrl?: string;

  @Setting(
    'KEYFENCE_ROLE',
    word(['api', 'worker'], 'api (serves requests) or worker (runs jobs)'),
    '`api`: serves requests; `worker`: runs jobs, and serves only `/livez`, `/readyz` and `/metrics`',
    { unset: 'both in one process' },
  )
  readonly role?: 'api' | 'worker';

  @Setting(
    'SMTP_URL',
    urlOf(/^smtps?$/, 'a URL smtp://user:password@host:port or smtps://…'),
    '`smtp://…` (with STARTTLS where the server offers it) or `smtps://…` of the server that takes [mail](notifications.md#reminders)',
    { unset: 'mail is written to the log' },
  )
  readonly smtpUrl?: string;

  @Setting(
    'KEYFENCE_MAIL_FROM',
    mailbox,
    'sender of mail, `keys@example.com` or `Keyfence <keys@example.com>`; required with `SMTP_URL`',
    { unset: 'none' },
  )
  readonly mailFrom?: string;

  @Setting(
    'KEYFENCE_OIDC_ISSUER',
    kindOf(
      (text) =>
        httpUrl(text) === undefined
          ? 'the URL of an OpenID provider, as its documentation has it'
          : 'an https URL; http on localhost alone',
      (text) => {
        const url = httpUrl(text);
        return url !== undefined && isTrustworthy(new URL(url)) ? url : undefined;
      },
      maskUrl,
    ),
    'URL of an [OpenID provider](console.md#sessions) that people sign in at; needs `KEYFENCE_OIDC_CLIENT_ID` and `KEYFENCE_PUBLIC_URL`',
    { unset: 'people sign in with links' },
  )
  readonly oidcIssuer?: string;

  @Setting('KEYFENCE_OIDC_CLIENT_ID', anyText, 'the id of this service at the provider', {
    unset: 'none',
  })
  readonly oidcClientId?: string;

  @Setting('KEYFENCE_OIDC_CLIENT_SECRET', anyText, 'its secret there; none for a public client', {
    unset: 'none',
    isSecret: true,
  })
  readonly oidcClientSecret?: string;

  @Setting(
    'KEYFENCE_OIDC_MAIL_LINKS',
    onOff,
    'with a provider: lets sign-in links be mailed as well; `npm run login-link` always works',
  )
  readonly oidcMailLinks: boolean = false;

  @Setting(
    'KEYFENCE_SESSION_MAX_MINUTES',
    wholeNumber('a number of minutes', 5, 720),
    'minutes after which a session ends, however much it is used, 5 to 720; so long it can outlive an [account at the provider](security.md#accounts-at-a-provider)',
  )
  readonly sessionMaxMinutes: number = 720;

  @Setting('KEYFENCE_DATA_DIR', anyText, 'embedded database, its secret, the first operator key')
  readonly dataDir: string = '.keyfence';

  @Setting(
    'KEYFENCE_SECRET',
    commaList(
      'a comma-separated list of secrets, each of at least 32 characters; the first one is used for new keys',
      (secret) => (secret.length >= 32 ? secret : undefined),
    ),
    'secrets that key hashes and seals are derived from, at least 32 characters; required with `DATABASE_URL`',
    { unset: 'made at the first start', isSecret: true },
  )
  readonly secrets?: readonly string[];

  @Setting(
    'KEYFENCE_KEY_PREFIX',
    textLike(
      /^[a-z][a-z0-9]{0,15}(_[a-z0-9]{1,15})?$/,
      'lower-case letters and digits beginning with a letter, such as kf or acme_live',
    ),
    'prefix of new keys',
  )
  readonly keyPrefix: string = 'kf';

  @Setting(
    'KEYFENCE_TRUSTED_PROXIES',
    commaList(
      'a comma-separated list of addresses or CIDR ranges, such as 10.0.0.0/8,::1',
      parseCidr,
    ),
    'CIDR ranges whose `X-Forwarded-For` is believed: needed behind a proxy, see [IP lists](concepts.md#ip-lists)',
    { unset: 'none' },
  )
  readonly trustedProxies: readonly string[] = [];

  @Setting(
    'KEYFENCE_MAX_FAILED_AUTHENTICATIONS',
    wholeNumber('a whole number', 1, 1_000_000),
    'failed authentications for each client address and minute, see [limits](api.md#limits)',
  )
  readonly maxFailedAuthentications: number = 100;

  @Setting(
    'KEYFENCE_VERIFY',
    word(['strict', 'direct'], 'strict (from memory, behind a read fence) or direct'),
    '`strict`: from memory, after asking the database what has changed; `direct`: a query for each verification',
  )
  readonly verifyMode: 'strict' | 'direct' = 'strict';

  // At least two: a verification also looks up its caller's key.
  @Setting(
    'KEYFENCE_CACHE_KEYS',
    wholeNumber('a number of keys', 2, 100_000_000),
    'keys cached in memory; at least two',
  )
  readonly cacheKeys: number = 200_000;

  @Setting(
    'KEYFENCE_MANAGEMENT_CONNECTIONS',
    wholeNumber('a number of connections', 3, 1_000),
    'connections to the database for reads and changes, and for the work of jobs',
  )
  readonly managementConnections: number = 10;

  @Setting(
    'KEYFENCE_DENYING_CONNECTIONS',
    wholeNumber('a number of connections', 2, 1_000),
    'further ones for [changes that deny](api.md#limits) only',
  )
  readonly denyingConnections: number = 5;

  @Setting(
    'KEYFENCE_VERIFICATION_CONNECTIONS',
    wholeNumber('a number of connections', 2, 1_000),
    'further ones for verification',
    { unset: '4, or 10 with direct' },
  )
  readonly verificationConnections?: number;

  @Setting(
    'KEYFENCE_FENCE_TIMEOUT_MS',
    wholeNumber('a number of milliseconds', 10, 10_000),
    'milliseconds that a verification waits for the database before it is a 503',
  )
  readonly fenceTimeout: number = 250;

  @Setting(
    'KEYFENCE_ALLOW_UNSAFE_DATABASE',
    onOff,
    'for development: accepts a replica, or a server with `fsync`, `full_page_writes` or `synchronous_commit` off, which can lose changes that it has confirmed',
  )
  readonly allowUnsafeDatabase: boolean = false;

  // Managers of organisations choose the URLs: through them they reach everything that the service can
  // reach.
  @Setting(
    'KEYFENCE_ALLOW_PRIVATE_WEBHOOKS',
    onOff,
    'lets [webhooks](notifications.md#webhooks) lead to private and loopback addresses, and to `http`',
  )
  readonly allowPrivateWebhooks: boolean = false;

  @Setting(
    'KEYFENCE_PUBLIC_URL',
    kindOf(
      'the http(s) URL under which clients reach this service',
      (text) => httpUrl(text)?.replace(/\/+$/, ''),
      maskUrl,
    ),
    'the `http(s)` URL under which people reach the service; needed where links are mailed, for an OpenID provider, and for [sessions](console.md#sessions) elsewhere than on localhost',
    { unset: 'where it listens' },
  )
  readonly publicUrl?: string;

  @Setting(
    'KEYFENCE_HSTS_SUBDOMAINS',
    onOff,
    'lets `Strict-Transport-Security` apply to all subdomains of the host as well: for where each of them has https',
  )
  readonly hstsSubdomains: boolean = false;

  @Setting(
    'KEYFENCE_LOG_VERIFICATIONS',
    onOff,
    'logs each verification of a valid key; without it only those that were refused, failed, or took longer than 100 ms',
  )
  readonly logVerifications: boolean = false;
}
