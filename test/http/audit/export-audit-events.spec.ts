import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itRefusesStrangers } from '../../support/access.js';
import type { AuditRow } from '../../support/audit.js';
import { addEvents } from '../../support/chain.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { walk } from '../../support/pages.js';
import { expectProblem, refusesEach } from '../../support/refusals.js';
import { startSecondService } from '../../support/second-service.js';
import { startService, type Service } from '../../support/service.js';

describe('GET /v1/orgs/{orgId}/audit-events/export', () => {
  let service: Service;
  let org: Organisation;
  let other: Organisation;
  const send = (query = '', of = org) => of.manager.get(of.path(`/audit-events/export${query}`));
  const exported = async (query = '', of = org) => {
    const { status, headers, text } = await send(query, of);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/x-ndjson');
    expect(text === '' || text.endsWith('\n')).toBe(true);
    const lines = text.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as AuditRow);
  };
  const listed = async (query = '') =>
    (
      await walk<AuditRow>(
        (page) => org.manager.get(org.path(`/audit-events${page}`)),
        `limit=100${query}`,
      )
    ).flat();

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    other = await createOrganisation(service);
    await other.manager.patch(other.path(), { name: 'Theirs' });
    await addEvents(service.db, org.id, 1_200);
  });
  afterAll(() => service.stop());

  itRefusesStrangers({
    service: () => service,
    org: () => org,
    other: () => other,
    permission: 'audit:read',
    send: (who, orgId) => who.get(`/v1/orgs/${orgId}/audit-events/export`),
  });

  it('sends each event of the list once, in the order of the list, a line each', async () => {
    const events = await exported();
    expect(events.length).toBeGreaterThan(1_200);
    expect(events).toEqual(await listed());
  });

  it('sends whole batches whole: none lost or doubled where one ends', async () => {
    const all = await exported();
    for (const size of [499, 500, 501, 1_000]) {
      const from = all[size - 1]?.at ?? '';
      expect(await exported(`?from=${from}`)).toEqual(all.slice(0, size));
    }
  });

  it('keeps to the filters', async () => {
    const all = await exported();
    const [newer, older] = [all[3]?.at ?? '', all[900]?.at ?? ''];
    const queries = [
      `actor=${org.manager.userId}`,
      `actor=${org.manager.keyId}`,
      'action=key.created',
      `target=${org.member.userId}`,
      `from=${older}&to=${newer}&action=org.renamed`,
    ];
    for (const query of queries) {
      const events = await exported(`?${query}`);
      expect(events.length).toBeLessThan(all.length);
      expect(events).toEqual(await listed(`&${query}`));
    }
    expect(await exported('?action=org.suspended')).toEqual([]);
    expect(JSON.stringify(all)).not.toContain('Theirs');
  });

  it('has no pages, and refuses what it does not know', async () => {
    for (const query of ['limit=5', 'cursor=x', 'format=csv']) {
      const response = await send(`?${query}`);
      expectProblem(response, 400, 'invalid_request');
    }
    await refusesEach(service, 'from', { word: 'yesterday' }, (from) => send(`?from=${from}`));
    await refusesEach(service, 'action', { word: 'x' }, (action) => send(`?action=${action}`));
  });

  it('responds to HEAD without a body', async () => {
    const response = await org.manager.call('HEAD', org.path('/audit-events/export'));
    expect({ status: response.status, text: response.text }).toEqual({ status: 200, text: '' });
  });

  describe('of more than connections hold on their way', () => {
    let large: Organisation;

    beforeAll(async () => {
      large = await createOrganisation(service);
      // 48 MB: systems allow more than 32 for a single connection.
      await service.db.query(
        `INSERT INTO audit_events (id, org_id, action, target_id, after)
         SELECT 'aud_' || lpad(n::text, 26, 'x'), $1, 'org.renamed', $1, jsonb_build_object('x', repeat('x', 12000))
         FROM generate_series(1, 4000) AS n`,
        [large.id],
      );
    });

    /** Begins to read an export, and then reads nothing more. */
    async function begin(url = service.url): Promise<IncomingMessage> {
      const request = get(url + large.path('/audit-events/export'), {
        headers: { authorization: `Bearer ${large.manager.key}` },
      });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      expect(response.statusCode).toBe(200);
      response.pause();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return response;
    }

    const readOn = async (response: IncomingMessage) => {
      let size = 0;
      for await (const chunk of response) size += (chunk as Buffer).length;
      return size;
    };

    it('waits for a client that reads slowly', async () => {
      expect(await readOn(await begin())).toBeGreaterThan(4_000 * 12_000);
    });

    it('breaks off when the database fails in the middle, and does not look complete', async () => {
      const response = await begin();
      await service.db.query('ALTER TABLE audit_events RENAME TO elsewhere');
      try {
        await expect(readOn(response)).rejects.toThrow('aborted');
        expect(service.log.join('')).toContain('an export of the audit log broke off');
        expectProblem(await send(), 500, 'internal');
      } finally {
        await service.db.query('ALTER TABLE elsewhere RENAME TO audit_events');
      }
    });

    it('keeps nothing busy when the client goes away', async () => {
      const response = await begin();
      response.destroy();
      expect((await exported('', other)).length).toBeGreaterThan(0);
    });

    it('does not keep the service from stopping when the client reads no more', async () => {
      const node = await startSecondService(service);
      const response = await begin(node.url);
      await node.stop();
      await expect(readOn(response)).rejects.toThrow('aborted');
    });
  });
});
