import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectRefusal } from '../../support/keys.js';
import { insertManyKeys } from '../../support/many-keys.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

/** Reads CSV as RFC 4180 describes it. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = text;
  while (rest !== '') {
    const [whole, quoted, bare = '', end = ''] =
      /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? [];
    if (whole === undefined) throw new Error(`not CSV: ${rest.slice(0, 40)}`);
    row.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end !== ',') {
      rows.push(row);
      row = [];
    }
    rest = rest.slice(whole.length);
  }
  return rows;
}

describe('GET /v1/orgs/{orgId}/keys.csv', () => {
  let service: Service;
  let org: Organisation;

  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  const read = async (query = '', by: Pick<Organisation['manager'], 'get'> = org.manager) => {
    const response = await by.get(org.path(`/keys.csv${query}`));
    expect(response.status).toBe(200);
    const [header = [], ...rows] = parse(response.text);
    const keys = rows.map((row) => {
      expect(row).toHaveLength(header.length);
      return Object.fromEntries(row.map((value, index) => [header[index] ?? '', value]));
    });
    return { ...response, keys };
  };

  it('has what is shown of each key, and no secret', async () => {
    const { id, body, secret } = await createKey(org.manager, org, {
      name: 'with "quotes", commas',
      description: 'two\nlines',
      tags: ['a', 'b'],
      permissions: ['telemetry:read', 'keys:read'],
    });
    const { keys, text, headers } = await read();
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="keys.csv"');
    expect(keys[0]).toMatchObject({
      id,
      name: 'with "quotes", commas',
      description: 'two\nlines',
      tags: 'a b',
      state: 'active',
      permissions: 'telemetry:read keys:read',
      allowedIps: '',
      masked: body.masked,
      ownerId: org.manager.userId,
      createdAt: body.createdAt,
      expiresAt: body.expiresAt,
      uses: '0',
      revokedAt: '',
    });
    expect(text).not.toContain(secret.slice(4, 20));
  });

  for (const name of [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '＝1',
    '＋1',
    '−1'.replace('−', '－'),
    '＠a',
  ]) {
    it(`has no formula: ${name}`, async () => {
      const { id } = await createKey(org.manager, org, { name, description: `${name}\nb` });
      const { keys } = await read(`?search=${id}`);
      expect(keys).toMatchObject([{ name: `'${name}`, description: `'${name}\nb` }]);
    });
  }

  it('has the keys that match, newest first, of more than one batch', async () => {
    // The statistics of the database are about the keys of another organisation alone.
    const known = await createOrganisation(service);
    const others = { orgId: known.id, ownerId: known.manager.userId, count: 12_000 };
    await insertManyKeys(service.db, others);
    await service.db.query('ANALYZE');
    const large = await createOrganisation(service);
    const made = { orgId: large.id, ownerId: large.manager.userId, count: 1_203 };
    const inserted = await insertManyKeys(service.db, made);
    const { status, text } = await large.manager.get(large.path('/keys.csv'));
    expect(status).toBe(200);
    const ids = parse(text)
      .slice(1)
      .map(([id]) => id);
    expect(ids).toHaveLength(1_205);
    expect(ids.filter((id) => inserted.includes(id ?? ''))).toEqual(inserted.reverse());
    const { text: few } = await large.manager.get(large.path('/keys.csv?state=revoked'));
    expect(parse(few)).toHaveLength(1);
  });

  it('has of members only their own keys', async () => {
    const { keys } = await read('', org.member);
    expect(keys.map(({ ownerId }) => ownerId)).toEqual([org.member.userId]);
  });

  for (const query of ['limit=1', 'cursor=a', 'sort=name', 'state=live', 'x=1']) {
    it(`is refused with ${query}`, async () => {
      const request = () => org.manager.get(org.path(`/keys.csv?${query}`));
      await expectRefusal(service, request, 400, 'invalid_request');
    });
  }

  it('is refused without a valid key, without keys:read and in other organisations', async () => {
    const path = org.path('/keys.csv');
    await expectRefusal(service, () => service.nobody.get(path), 401, 'unauthenticated');
    const { secret } = await createKey(org.manager, org, { permissions: ['telemetry:read'] });
    const narrowed = () => service.as(secret).get(path);
    await expectRefusal(service, narrowed, 403, 'insufficient_permission');
    const other = await createOrganisation(service);
    await expectRefusal(service, () => other.manager.get(path), 404, 'not_found');
  });
});
