import { apiKey, defaultKeyHasher } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { Pool } from 'pg';

const others = 10_000;

/** Better Auth with its plugin for API keys. */
function createAuth(database: Pool) {
  return betterAuth({
    database,
    baseURL: 'http://127.0.0.1',
    secret: 'of no importance, since nobody signs in',
    emailAndPassword: { enabled: true },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [
      apiKey({
        rateLimit: { enabled: false },
        // Shorter ones are refused without a look.
        defaultKeyLength: 32,
      }),
    ],
  });
}

/** Better Auth, as its documentation has a server ask it about keys. */
export class BetterAuthKeys {
  private constructor(private readonly auth: ReturnType<typeof createAuth>) {}

  /** @param secrets of keys that it is to know, among many others */
  static async open(url: string, secrets: readonly string[]): Promise<BetterAuthKeys> {
    const database = new Pool({ connectionString: url, max: 10 });
    await database.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    const auth = createAuth(database);
    await (await getMigrations(auth.options)).runMigrations();
    const { user } = await auth.api.signUpEmail({
      body: { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery' },
    });
    const { id } = await auth.api.createApiKey({ body: { userId: user.id } });
    const all = [...secrets, ...Array.from({ length: others }, (_, index) => `other ${index}`)];
    const hashes = await Promise.all(all.map((secret) => defaultKeyHasher(secret)));
    // Copies of the one that it has made: each of its own making costs some milliseconds.
    await database.query(
      `INSERT INTO apikey SELECT copy.* FROM apikey k, unnest($1::text[]) WITH ORDINALITY h (hash, nth),
         jsonb_populate_record(k, jsonb_build_object('id', 'copy ' || nth, 'key', hash)) copy
       WHERE k.id = $2`,
      [hashes, id],
    );
    await database.query('VACUUM ANALYZE apikey');
    return new BetterAuthKeys(auth);
  }

  async isGood(key: string): Promise<boolean> {
    return (await this.auth.api.verifyApiKey({ body: { key } })).valid;
  }
}
