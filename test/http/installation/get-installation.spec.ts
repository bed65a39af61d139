import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itIsForOperators } from '../../support/access.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import type { Service } from '../../support/service.js';
import { shareService } from '../../support/shared-service.js';

const settings = {
  knowsDataOnlyKeys: true,
  serviceKeyMaxLifetimeDays: null,
  serviceKeysMayNotExpire: false,
  productName: null,
  logo: null,
  scopeTexts: null,
  dataPermissions: [],
};

describe('GET /v1/installation', () => {
  let service: Service;
  let org: Organisation;
  beforeAll(async () => {
    service = await shareService();
    org = await createOrganisation(service);
  });
  afterAll(() => service.stop());

  itIsForOperators({
    service: () => service,
    org: () => org,
    permission: 'orgs:read',
    send: (who) => who.get('/v1/installation'),
  });

  it('says of a new one that all nodes know data-only keys', async () => {
    const { status, body } = await service.operator.get('/v1/installation');
    expect({ status, body }).toEqual({ status: 200, body: settings });
  });
});
