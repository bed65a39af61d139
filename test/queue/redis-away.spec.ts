import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { KeyId } from '../../src/common/ids.js';
import { eventually } from '../support/eventually.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { noOwnRedis, startRedis, type OwnRedis } from '../support/redis.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';
import { addFlush, oneUse, untilCounted, usageOf } from '../support/usage.js';

describeUnless(noOwnRedis, 'a service with Redis', () => {
  let redis: OwnRedis;
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    redis = await startRedis('--maxmemory-policy', 'allkeys-lru');
    service = await startService({ settings: { redisUrl: redis.url } });
    org = await createOrganisation(service);
  });
  afterAll(async () => {
    await service.stop();
    await redis.stop();
  });

  const newKey = async () => (await createKey(org.member, org)).id as KeyId;

  async function expectToWork(): Promise<void> {
    const flush = oneUse(await newKey());
    await eventually(() =>
      addFlush(service, flush, 'again').then(
        () => true,
        () => false,
      ),
    );
    await untilCounted(service.db, flush);
  }

  it('warns where Redis may throw jobs away', async () => {
    const line = await eventually(() => service.log.find((each) => each.includes('noeviction')));
    expect(JSON.parse(line)).toMatchObject({ level: 40, policy: 'allkeys-lru' });
  });

  it('goes on when Redis has forgotten everything', async () => {
    await redis.run('FLUSHALL');
    await expectToWork();
    await redis.kill();
    await redis.restart();
    await expectToWork();
  });

  it('responds without Redis, and says so of jobs at once', async () => {
    await redis.kill();
    expect((await org.member.get('/v1/whoami')).status).toBe(200);
    expect((await org.member.get('/readyz')).status).toBe(200);
    await expect(addFlush(service, oneUse(await newKey()))).rejects.toThrow();
    await redis.restart();
    await expectToWork();
  });

  it('does not wait without a limit for a Redis that hangs', async () => {
    redis.signal('SIGSTOP');
    try {
      await expect(addFlush(service, oneUse(await newKey()))).rejects.toThrow(/timed out/);
      expect((await org.member.get('/v1/whoami')).status).toBe(200);
    } finally {
      redis.signal('SIGCONT');
    }
    await expectToWork();
  });

  it('starts and stops without Redis', async () => {
    await using other = await startRedis();
    await other.kill();
    const alone = await startService({ settings: { redisUrl: other.url } });
    try {
      expect((await alone.operator.get('/v1/whoami')).status).toBe(200);
      await eventually(() => alone.log.some((each) => each.includes('cannot be reached')));
    } finally {
      await alone.stop();
    }
  });

  it('runs no job of another installation that shares its Redis', async () => {
    const neighbour = await startService({ settings: { redisUrl: redis.url, role: 'api' } });
    try {
      const keyId = await newKey();
      const foreign = oneUse(keyId);
      await addFlush(neighbour, foreign, 'one');
      const own = oneUse(keyId, 1);
      await addFlush(service, own, 'one');
      await untilCounted(service.db, own);
      expect(await usageOf(service.db, keyId)).toMatchObject({ uses: 1 });
    } finally {
      await neighbour.stop();
    }
  });
});
