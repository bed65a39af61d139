import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itIsForOperators } from '../../support/access.js';
import { audited, expectAuthSeq } from '../../support/audit.js';
import { insertDelivery } from '../../support/deliveries.js';
import { createKey, createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { malformedIds, withoutTrace } from '../../support/refusals.js';
import { day, deliveriesOf, fromNow, pass, settle } from '../../support/reminders.js';
import { startService, type Service } from '../../support/service.js';
import { startSmtp, type Smtp } from '../../support/smtp.js';

describe('POST /v1/deliveries/{deliveryId}/retry', () => {
  let smtp: Smtp;
  let service: Service;
  let org: Organisation;
  const retry = (id: string) => service.operator.post(`/v1/deliveries/${id}/retry`);

  beforeAll(async () => {
    smtp = await startSmtp();
    service = await startService({ settings: smtp.settings });
    org = await createOrganisation(service);
  });
  afterAll(async () => {
    await service.stop();
    await smtp.close();
  });

  itIsForOperators({
    service: () => service,
    org: () => org,
    permission: 'orgs:admin',
    send: async (who) => who.post(`/v1/deliveries/${await insertDelivery(service.db)}/retry`),
  });

  it('responds with the same for a missing one, a malformed id and the id of something else', async () => {
    const bodies = new Set<string>();
    for (const id of ['dlv_00000000000000000000000000', org.id, ...malformedIds]) {
      const response = await withoutTrace(service, () => retry(id));
      expect({ id, status: response.status }).toEqual({ id, status: 404 });
      bodies.add(response.text);
    }
    expect([...bodies]).toHaveLength(1);
  });

  it('sends what has failed, under the same Message-ID, and records it in the audit log', async () => {
    smtp.stranger = org.member.email;
    const key = await createKey(org.member, org, {
      expiresAt: await fromNow(service.db, 10 * day),
    });
    await pass(service.db, key.id, 4 * day);
    await settle(service);
    const [delivery] = await deliveriesOf(service.db, key.id);
    const id = delivery?.id ?? '';
    expect(delivery).toMatchObject({ state: 'failed', attempts: 1 });

    smtp.stranger = undefined;
    const operators = await operatorOrgId(service);
    const { response, events } = await audited(service, operators, () => retry(id));
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({ id, state: 'waiting', attempts: 0, finishedAt: null });
    await expectAuthSeq(service, response);
    expect(events).toEqual([
      expect.objectContaining({
        action: 'delivery.retried',
        targetId: id,
        before: { state: 'failed', reason: expect.stringContaining('550') },
        after: { state: 'waiting' },
      }),
    ]);
    await settle(service);
    const mails = smtp.for(org.member.email);
    expect(mails.map(({ messageId }) => messageId)).toEqual([`<${id}@keyfence.example>`]);

    const again = await audited(service, operators, () => retry(id));
    expect(again.response.body).toMatchObject({ state: 'sent', reason: null });
    expect(again.events).toEqual([]);
    await settle(service);
    expect(smtp.for(org.member.email)).toHaveLength(1);
  });
});
