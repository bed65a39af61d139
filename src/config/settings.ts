import { read, Unreadable } from '../common/reading.js';
import { rows } from './setting-parts.js';
import { SettingsTable } from './settings-table.js';

/** An OpenID provider, and the client that this service is to it. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined for a public client, which only PKCE protects. */
  readonly clientSecret: string | undefined;
}

/** Settings as they were given: the embedded PostgreSQL adds a URL and secrets of its own. */
export abstract class GivenSettings extends SettingsTable {
  /** The provider at which people sign in; undefined means that they sign in with links only. */
  abstract readonly oidc: OidcSettings | undefined;
  /** Whether npm started this process: npm does not pass every signal on. */
  abstract readonly startedByNpm: boolean;
}

/** What an operator can set, checked and frozen, for a running service. */
export abstract class Settings extends GivenSettings {
  declare readonly databaseUrl: string;
  declare readonly secrets: readonly string[];
}

/** Names each setting that is wrong, and the allowed values. */
export class SettingsError extends Error {}

/** @throws SettingsError */
function oidcOf(table: SettingsTable): OidcSettings | undefined {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret } = table;
  if (issuer === undefined && clientId === undefined && clientSecret === undefined)
    return undefined;
  if (issuer === undefined || clientId === undefined) {
    throw new SettingsError('KEYFENCE_OIDC_ISSUER and KEYFENCE_OIDC_CLIENT_ID need each other.');
  }
  if (table.publicUrl === undefined) {
    throw new SettingsError(
      'KEYFENCE_PUBLIC_URL is required when KEYFENCE_OIDC_ISSUER is set: the provider sends people back there.',
    );
  }
  return { issuer, clientId, clientSecret };
}

/** Checks settings that depend on each other. @throws SettingsError */
function assertComplete(table: SettingsTable): void {
  if (table.databaseUrl !== undefined && table.secrets === undefined) {
    throw new SettingsError(
      'KEYFENCE_SECRET is required when DATABASE_URL is set. Allowed: a comma-separated list of secrets, each of at least 32 characters.',
    );
  }
  if (table.migrationUrl !== undefined && table.databaseUrl === undefined) {
    throw new SettingsError('DATABASE_MIGRATION_URL needs DATABASE_URL.');
  }
  if (table.smtpUrl !== undefined && table.mailFrom === undefined) {
    throw new SettingsError(
      'KEYFENCE_MAIL_FROM is required when SMTP_URL is set. Allowed: an e-mail address, or a name and an address.',
    );
  }
}

/** @throws SettingsError */
function readTable(variables: NodeJS.ProcessEnv): SettingsTable {
  const given = rows.filter(({ name }) => Boolean(variables[name]));
  try {
    const values = given.map(({ field, name }) => [field, variables[name]] as const);
    return read(SettingsTable, Object.fromEntries(values));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const lines = error.flaws.map(({ path, message }) => {
      const name = rows.find(({ field }) => field === path)?.name ?? path;
      return `${name} is not valid. Allowed: ${message}`;
    });
    throw new SettingsError(lines.join('\n'));
  }
}

/**
 * Reads the settings from environment variables. Empty values count as unset.
 *
 * @throws SettingsError
 */
export function readSettings(variables: NodeJS.ProcessEnv = process.env): GivenSettings {
  const table = readTable(variables);
  assertComplete(table);
  return Object.freeze({
    ...table,
    oidc: oidcOf(table),
    startedByNpm: Boolean(variables.npm_lifecycle_event),
  });
}
