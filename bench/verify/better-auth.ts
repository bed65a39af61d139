import { randomUUID } from 'node:crypto';
import { apiKey, defaultKeyHasher, type ApiKeyConfigurationOptions } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import type { Redis } from 'ioredis';
import { Pool } from 'pg';

const others = 10_000;
/** Seconds that keys stay in Redis, which may be somebody else's. */
const lifetime = 3_600;

/** What the plugin keeps keys in, instead of in the database. */
type Storage = NonNullable<ApiKeyConfigurationOptions['customStorage']>;

function storageIn(redis: Redis): Storage {
  const prefix = `bench-${randomUUID()}:`;
  return {
    get: (name) => redis.get(prefix + name),
    set: (name, value) => redis.set(prefix + name, value, 'EX', lifetime),
    delete: (name) => redis.del(prefix + name).then(() => undefined),
    getAndDelete: (name) => redis.getdel(prefix + name),
    increment: (name) => redis.incr(prefix + name),
  };
}

/** Better Auth with its plugin for API keys. */
function createAuth(database: Pool, customStorage: Storage | undefined) {
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
        ...(customStorage && { storage: 'secondary-storage', customStorage }),
      }),
    ],
  });
}

async function copyInDatabase(database: Pool, id: string, hashes: string[]): Promise<void> {
  await database.query(
    `INSERT INTO apikey SELECT copy.* FROM apikey k, unnest($1::text[]) WITH ORDINALITY h (hash, nth),
       jsonb_populate_record(k, jsonb_build_object('id', 'copy ' || nth, 'key', hash)) copy
     WHERE k.id = $2`,
    [hashes, id],
  );
  await database.query('VACUUM ANALYZE apikey');
}

/** Each copy has an owner of its own: it looks through the list of its owner's keys each time. */
async function copyInStorage(storage: Storage, id: string, hashes: string[]): Promise<void> {
  const original = JSON.parse(String(await storage.get(`api-key:by-id:${id}`))) as object;
  for (const [nth, key] of hashes.entries()) {
    const copy = { ...original, id: `copy ${nth}`, key, referenceId: `owner ${nth}` };
    const text = JSON.stringify(copy);
    await storage.set(`api-key:by-id:${copy.id}`, text);
    await storage.set(`api-key:${key}`, text);
    await storage.set(`api-key:by-ref:${copy.referenceId}`, JSON.stringify([copy.id]));
  }
}

/** Better Auth, as its documentation has a server ask it about keys. */
export class BetterAuthKeys {
  private constructor(private readonly auth: ReturnType<typeof createAuth>) {}

  /**
   * @param secrets of keys that it is to know, among many others
   * @param redis where keys are stored; in the database when left out
   */
  static async open(url: string, secrets: readonly string[], redis?: Redis) {
    const database = new Pool({ connectionString: url, max: 10 });
    await database.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    const storage = redis && storageIn(redis);
    const auth = createAuth(database, storage);
    await (await getMigrations(auth.options)).runMigrations();
    const { user } = await auth.api.signUpEmail({
      body: { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery' },
    });
    const { id } = await auth.api.createApiKey({ body: { userId: user.id } });
    const all = [...secrets, ...Array.from({ length: others }, (_, index) => `other ${index}`)];
    const hashes = await Promise.all(all.map((secret) => defaultKeyHasher(secret)));
    // Copies of the one that it has made: each of its own making costs some milliseconds.
    if (storage === undefined) await copyInDatabase(database, id, hashes);
    else await copyInStorage(storage, id, hashes);
    return new BetterAuthKeys(auth);
  }

  async isValid(key: string): Promise<boolean> {
    return (await this.auth.api.verifyApiKey({ body: { key } })).valid;
  }
}
