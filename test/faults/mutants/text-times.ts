/** Loaded before the service: times are read as text, in whatever style the database has. */
import 'reflect-metadata';
import { Client } from 'pg';

interface Inside {
  getStartupConf(): { options?: string };
  query(this: Inside, config: unknown, ...rest: unknown[]): unknown;
}

const client = Client.prototype as unknown as Inside;
// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the client below
const { getStartupConf, query } = client;

const asText = (sql: string) =>
  sql
    .replace('(extract(epoch FROM k.expires_at) * 1000)::float8', 'k.expires_at')
    .replace('k.revoked_at IS NOT NULL AS is_revoked', 'k.revoked_at AS is_revoked');

client.query = function (config, ...rest) {
  const hasText = typeof config === 'object' && config !== null && 'text' in config;
  const isText = hasText && typeof config.text === 'string';
  const changed = isText ? { ...config, text: asText(config.text as string) } : config;
  return query.call(this, changed, ...rest);
};

client.getStartupConf = function () {
  const settings = getStartupConf.call(this);
  const options = settings.options?.replace(/-c datestyle=\S+/i, '');
  return options === undefined ? settings : { ...settings, options };
};
