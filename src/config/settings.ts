import { z } from 'zod';
import { parseCidr } from '../common/ip.js';
import { isTrustworthy } from '../common/trustworthy.js';
import { maskUrl } from './mask-url.js';

/** How `npm run config` shows a setting. */
export const presentation = z.registry<{
  /** What holds when the variable is not set, for settings without a fixed default. */
  whenUnset?: string;
  /** Leaves out of a given value, or of each one in a list, what nobody may read. */
  mask?: (value: unknown) => string;
}>();

const databaseUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'a URL postgres://user:password@host:port/database',
});

/** An address, or a name and an address (RFC 5322) whose name needs no quotes. */
function isMailbox(value: string): boolean {
  const [, address = value] = /^[^<>()[\]:;@\\,"\p{Cc}]*<([^<>]+)>$/u.exec(value) ?? [];
  return z.email().safeParse(address).success;
}

function wholeNumber(what: string, min: number, max: number) {
  const allowed = `${what} from ${min} to ${max}`;
  return z.coerce.number(allowed).int(allowed).min(min, allowed).max(max, allowed);
}

/** Every setting, by the name of its environment variable. Empty values count as unset. */
export const environment = z.object({
  PORT: z.coerce
    .number('a TCP port from 0 to 65535 (0 takes a free one)')
    .int()
    .min(0)
    .max(65535)
    .optional()
    .register(presentation, { whenUnset: '3000, or the next free one' }),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: databaseUrl
    .optional()
    .register(presentation, { whenUnset: 'embedded PostgreSQL', mask: maskUrl }),
  DATABASE_MIGRATION_URL: databaseUrl
    .optional()
    .register(presentation, { whenUnset: 'as DATABASE_URL', mask: maskUrl }),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'a URL redis://user:password@host:port/database' })
    .optional()
    .register(presentation, { whenUnset: 'jobs in PostgreSQL', mask: maskUrl }),
  KEYFENCE_ROLE: z
    .enum(['api', 'worker'], 'api (answers requests) or worker (runs jobs)')
    .optional()
    .register(presentation, { whenUnset: 'both in one process' }),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'a URL smtp://user:password@host:port or smtps://…' })
    .optional()
    .register(presentation, { whenUnset: 'mail is written to the log', mask: maskUrl }),
  KEYFENCE_MAIL_FROM: z
    .string()
    .trim()
    .refine(isMailbox, 'an e-mail address, or a name and an address: Keyfence <keys@example.com>')
    .optional()
    .register(presentation, { whenUnset: 'none' }),
  KEYFENCE_OIDC_ISSUER: z
    .url({
      protocol: /^https?$/,
      error: 'the URL of an OpenID provider, as its documentation has it',
      abort: true,
    })
    .refine((url) => isTrustworthy(new URL(url)), 'an https URL; http on localhost alone')
    .optional()
    .register(presentation, { whenUnset: 'people sign in with links', mask: maskUrl }),
  KEYFENCE_OIDC_CLIENT_ID: z.string().optional().register(presentation, { whenUnset: 'none' }),
  KEYFENCE_OIDC_CLIENT_SECRET: z
    .string()
    .optional()
    .register(presentation, { whenUnset: 'none', mask: () => '***' }),
  KEYFENCE_DATA_DIR: z.string().default('.keyfence'),
  KEYFENCE_SECRET: z
    .string()
    .transform((list) => list.split(',').map((secret) => secret.trim()))
    .refine(
      (secrets) => secrets.every((secret) => secret.length >= 32),
      'a comma-separated list of secrets, each of at least 32 characters; the first one is used for new keys',
    )
    .optional()
    .register(presentation, { whenUnset: 'made at the first start', mask: () => '***' }),
  KEYFENCE_KEY_PREFIX: z
    .string()
    .regex(
      /^[a-z][a-z0-9]{0,15}(_[a-z0-9]{1,15})?$/,
      'lower-case letters and digits beginning with a letter, such as kf or acme_live',
    )
    .default('kf'),
  KEYFENCE_TRUSTED_PROXIES: z
    .string()
    .transform((list) => list.split(',').map((entry) => parseCidr(entry.trim())))
    .refine(
      (entries): entries is string[] => !entries.includes(undefined),
      'a comma-separated list of addresses or CIDR ranges, such as 10.0.0.0/8,::1',
    )
    .optional()
    .register(presentation, { whenUnset: 'none' }),
  KEYFENCE_MAX_FAILED_AUTHENTICATIONS: z.coerce
    .number('a whole number from 1 to 1000000')
    .int()
    .min(1)
    .max(1_000_000)
    .default(100),
  KEYFENCE_VERIFY: z
    .enum(['strict', 'direct'], 'strict (from memory, behind a read fence) or direct')
    .default('strict'),
  KEYFENCE_CACHE_KEYS: wholeNumber('a number of keys', 1, 100_000_000).default(200_000),
  KEYFENCE_FENCE_TIMEOUT_MS: wholeNumber('a number of milliseconds', 10, 10_000).default(250),
  KEYFENCE_ALLOW_UNSAFE_DATABASE: z.stringbool('true or false').default(false),
  KEYFENCE_ALLOW_PRIVATE_WEBHOOKS: z.stringbool('true or false').default(false),
  KEYFENCE_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'the http(s) URL under which clients reach this service' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .register(presentation, { whenUnset: 'where it listens', mask: maskUrl }),
});

/** An OpenID provider, and what it knows this service as. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined for a public client, which PKCE alone protects. */
  readonly clientSecret: string | undefined;
}

/** What an operator can set, checked and frozen. docs/operations.md has the table. */
export abstract class Settings {
  /** TCP port to listen on; undefined means 3000, or the next free one when that is taken. */
  abstract readonly port: number | undefined;
  /** Address to listen on. */
  abstract readonly host: string;
  /** The store: the given one, or the embedded PostgreSQL. */
  abstract readonly databaseUrl: string;
  /** Connects as a role that owns the tables, so that the service's own role need not. */
  abstract readonly migrationUrl: string | undefined;
  /** Where jobs wait; undefined means in the store. */
  abstract readonly redisUrl: string | undefined;
  /** What this process does: answer requests, run jobs, or both (undefined). */
  abstract readonly role: 'api' | 'worker' | undefined;
  /** The server that takes mail; undefined means that mail is written to the log. */
  abstract readonly smtpUrl: string | undefined;
  /** Who mail comes from; set where `smtpUrl` is. */
  abstract readonly mailFrom: string | undefined;
  /** Where people have accounts to sign in with; undefined means that they sign in with links alone. */
  abstract readonly oidc: OidcSettings | undefined;
  /** Directory for the embedded database, its secret and the first operator key. */
  abstract readonly dataDir: string;
  /** Secrets that key hashes are derived from, the one for new keys first. */
  abstract readonly secrets: readonly string[];
  /** Prefix of new keys. */
  abstract readonly keyPrefix: string;
  /** Proxies (CIDR) whose X-Forwarded-For is believed. */
  abstract readonly trustedProxies: readonly string[];
  /** Failed authentications for each client address and minute; above it the address has to wait. */
  abstract readonly maxFailedAuthentications: number;
  /**
   * How keys are verified: `strict` from memory, after asking the primary what has changed; `direct`
   * by a query for each request. Both give the same verdicts.
   */
  abstract readonly verifyMode: 'strict' | 'direct';
  /** How many keys are kept in memory at the most. */
  abstract readonly cacheKeys: number;
  /** Milliseconds that a verification waits for the primary until it is answered 503. */
  abstract readonly fenceTimeout: number;
  /**
   * Lets a server pass that can lose changes that it has confirmed: a replica, or one with fsync,
   * full_page_writes or synchronous_commit off. For development alone.
   */
  abstract readonly allowUnsafeDatabase: boolean;
  /**
   * Lets webhooks lead to private and loopback addresses, and to http. Managers of organisations choose
   * the URLs: through them they reach whatever the service can reach.
   */
  abstract readonly allowPrivateWebhooks: boolean;
  /** Where clients reach the service, without a slash at the end. */
  abstract readonly publicUrl: string | undefined;
  /** Whether npm started this process: npm does not pass every signal on. */
  abstract readonly startedByNpm: boolean;
}

/** Settings as they were given: the embedded PostgreSQL brings a URL and a secret of its own. */
export type GivenSettings = Omit<Settings, 'databaseUrl' | 'secrets'> & {
  readonly databaseUrl: string | undefined;
  readonly secrets: readonly string[] | undefined;
};

/** Names each setting that is wrong, and what is allowed. */
export class SettingsError extends Error {}

/** The variables that are set to something. */
export function givenVariables(variables: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}

/** @throws SettingsError */
function oidcOf(data: z.infer<typeof environment>): OidcSettings | undefined {
  const {
    KEYFENCE_OIDC_ISSUER: issuer,
    KEYFENCE_OIDC_CLIENT_ID: clientId,
    KEYFENCE_OIDC_CLIENT_SECRET: clientSecret,
  } = data;
  if (issuer === undefined && clientId === undefined && clientSecret === undefined)
    return undefined;
  if (issuer === undefined || clientId === undefined) {
    throw new SettingsError('KEYFENCE_OIDC_ISSUER and KEYFENCE_OIDC_CLIENT_ID need each other.');
  }
  if (data.KEYFENCE_PUBLIC_URL === undefined) {
    throw new SettingsError(
      'KEYFENCE_PUBLIC_URL is required when KEYFENCE_OIDC_ISSUER is set: the provider sends people back there.',
    );
  }
  return { issuer, clientId, clientSecret };
}

/**
 * Reads the settings from environment variables.
 *
 * @throws SettingsError
 */
export function readSettings(variables: NodeJS.ProcessEnv = process.env): GivenSettings {
  const parsed = environment.safeParse(givenVariables(variables));
  if (!parsed.success) {
    throw new SettingsError(
      parsed.error.issues
        .map((issue) => `${issue.path.join('.')} is not valid. Allowed: ${issue.message}`)
        .join('\n'),
    );
  }
  const { data } = parsed;
  if (data.DATABASE_URL !== undefined && data.KEYFENCE_SECRET === undefined) {
    throw new SettingsError(
      'KEYFENCE_SECRET is required when DATABASE_URL is set. Allowed: a comma-separated list of secrets, each of at least 32 characters.',
    );
  }
  if (data.DATABASE_MIGRATION_URL !== undefined && data.DATABASE_URL === undefined) {
    throw new SettingsError('DATABASE_MIGRATION_URL is of use only together with DATABASE_URL.');
  }
  if (data.SMTP_URL !== undefined && data.KEYFENCE_MAIL_FROM === undefined) {
    throw new SettingsError(
      'KEYFENCE_MAIL_FROM is required when SMTP_URL is set. Allowed: an e-mail address, or a name and an address.',
    );
  }
  return Object.freeze({
    port: data.PORT,
    host: data.HOST,
    databaseUrl: data.DATABASE_URL,
    migrationUrl: data.DATABASE_MIGRATION_URL,
    redisUrl: data.REDIS_URL,
    role: data.KEYFENCE_ROLE,
    smtpUrl: data.SMTP_URL,
    mailFrom: data.KEYFENCE_MAIL_FROM,
    oidc: oidcOf(data),
    dataDir: data.KEYFENCE_DATA_DIR,
    secrets: data.KEYFENCE_SECRET,
    keyPrefix: data.KEYFENCE_KEY_PREFIX,
    trustedProxies: data.KEYFENCE_TRUSTED_PROXIES ?? [],
    maxFailedAuthentications: data.KEYFENCE_MAX_FAILED_AUTHENTICATIONS,
    verifyMode: data.KEYFENCE_VERIFY,
    cacheKeys: data.KEYFENCE_CACHE_KEYS,
    fenceTimeout: data.KEYFENCE_FENCE_TIMEOUT_MS,
    allowUnsafeDatabase: data.KEYFENCE_ALLOW_UNSAFE_DATABASE,
    allowPrivateWebhooks: data.KEYFENCE_ALLOW_PRIVATE_WEBHOOKS,
    publicUrl: data.KEYFENCE_PUBLIC_URL,
    startedByNpm: Boolean(variables.npm_lifecycle_event),
  });
}
