import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Keyfence, KeyfenceError } from '@keyfence/guard';
import { eventually } from '../support/eventually.js';
import { operatorOrgId } from '../support/persons.js';
import type { Service } from '../support/service.js';
import { shareService } from '../support/shared-service.js';

const day = 24 * 3_600_000;

describe('the key of a service itself', () => {
  let service: Service;
  beforeAll(async () => {
    service = await shareService();
  });
  afterAll(() => service.stop());

  /** A key that can verify and nothing else. */
  async function serviceKey(expiresInDays: number): Promise<{ id: string; secret: string }> {
    const { body } = await service.operator.post(`/v1/orgs/${await operatorOrgId(service)}/keys`, {
      name: 'a service',
      scope: 'read',
      permissions: ['verify:read'],
      expiresInDays,
    });
    return { id: body.key.id as string, secret: body.secret as string };
  }

  it('is warned of once, from 14 days before its end, and not before that', async () => {
    const ends: Record<string, Date[]> = { near: [], far: [] };
    const clients = await Promise.all(
      Object.entries({ near: 13, far: 15 }).map(async ([name, days]) => {
        const { secret: key } = await serviceKey(days);
        const onKeyEnding = (end: Date) => ends[name]?.push(end);
        return new Keyfence({ url: service.url, key, timeoutMs: 10_000, onKeyEnding });
      }),
    );
    for (const client of [...clients, ...clients]) await client.verify({ key: 'none' });
    await eventually(() => ends.near?.length === 1, 30_000);
    const left = (ends.near?.[0]?.getTime() ?? 0) - Date.now();
    expect(left / day).toBeCloseTo(13, 1);
    expect(ends.far).toEqual([]);
    for (const client of clients) client.close();
  });

  it('is named when Keyfence refuses it, as the reason why no key can be verified', async () => {
    const { id, secret: key } = await serviceKey(30);
    const client = new Keyfence({ url: service.url, key, timeoutMs: 10_000 });
    expect(await client.verify({ key: 'none' })).toMatchObject({ valid: false });
    await service.operator.delete(`/v1/orgs/${await operatorOrgId(service)}/keys/${id}`);
    const refusal = await client.verify({ key: 'none' }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(KeyfenceError);
    expect((refusal as Error).message).toBe(
      'the key of this service is refused: it has expired, was revoked, or is not one of this Keyfence',
    );
    client.close();
  });
});
