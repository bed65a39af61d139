import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { audited } from '../../support/audit.js';
import { createOrganisation, type Organisation } from '../../support/organisation.js';
import { operatorOrgId } from '../../support/persons.js';
import { expectProblem, refusesEach, turningNames, withoutTrace } from '../../support/refusals.js';
import { startService, type Service } from '../../support/service.js';
import { signIn } from '../../support/sessions.js';

let service: Service;
let org: Organisation;
const patch = (body: unknown) => service.operator.patch('/v1/installation', body);

beforeAll(async () => {
  service = await startService();
  org = await createOrganisation(service);
});
beforeEach(async () => {
  await service.db.query(
    `UPDATE installation
     SET product_name = NULL, logo = NULL, scope_texts = NULL, data_permissions = '[]'`,
  );
});
afterAll(() => service.stop());

const changed = async (body: object) => {
  const { response, events } = await audited(service, await operatorOrgId(service), () =>
    patch(body),
  );
  expect(response.status).toBe(200);
  return events.map(({ before, after }) => ({ before, after }));
};

describe('GET /v1/installation/appearance', () => {
  const read = async () => {
    const { status, body } = await service.nobody.get('/v1/installation/appearance');
    expect(status).toBe(200);
    return body as unknown;
  };
  const usual = { productName: null, logo: null, scopeTexts: null };
  const logo = `data:image/png;base64,${Buffer.from('an image').toString('base64')}`;
  const scopeTexts = {
    read: { name: 'See', meaning: 'See what devices report.' },
    'read-write': { name: 'Operate', meaning: 'Control devices.' },
    admin: { name: 'Run', meaning: 'Everything.' },
  };

  it('says to everybody what the operators have set, and nothing else', async () => {
    expect(await read()).toEqual(usual);
    const set = { productName: 'Tidewater', logo, scopeTexts };
    await patch({ ...set, dataPermissions: [{ permission: 'a:read', description: 'A.' }] });
    expect(await read()).toEqual(set);
    await patch(usual);
    expect(await read()).toEqual(usual);
  });

  it('is recorded field by field, without the image, and only when it changes', async () => {
    expect(await changed({ productName: 'Tidewater', scopeTexts, logo })).toEqual([
      {
        before: { productName: null, scopeTexts: null, logo: null },
        after: {
          ...{ productName: 'Tidewater', scopeTexts },
          logo: `sha256:${createHash('sha256').update(logo).digest('hex')}`,
        },
      },
    ]);
    expect(await changed({ productName: 'Tidewater', scopeTexts, logo })).toEqual([]);
    const { body } = await service.operator.get('/v1/installation');
    expect(await changed({ scopeTexts: body.scopeTexts as unknown })).toEqual([]);
  });

  it('has no other images, names and texts', async () => {
    await refusesEach(
      service,
      'logo',
      {
        'another type': 'data:image/gif;base64,AAAA',
        'a page': 'data:text/html;base64,AAAA',
        'no base64': 'data:image/svg+xml,<svg/>',
        'an address': 'https://example.com/logo.png',
        'a large one': `data:image/png;base64,${'A'.repeat(40_004)}`,
        'an empty one': 'data:image/png;base64,',
        number: 5,
      },
      (value) => patch({ logo: value }),
    );
    const names = { empty: '', long: 'x'.repeat(51), number: 5, ...turningNames() };
    await refusesEach(service, 'productName', names, (value) => patch({ productName: value }));
    const texts = {
      'a missing scope': { read: scopeTexts.read },
      'a long name': { ...scopeTexts, admin: { name: 'x'.repeat(31), meaning: 'x' } },
      'an empty meaning': { ...scopeTexts, admin: { name: 'x', meaning: '' } },
      'a text': 'x',
    };
    await refusesEach(service, /^scopeTexts/, texts, (value) => patch({ scopeTexts: value }));
  });
});

describe('GET /v1/installation/data-permissions', () => {
  const items = [
    { permission: 'telemetry:read', description: 'See what devices report.' },
    { permission: 'scenarios:admin', description: 'Change and delete scenarios.' },
  ];

  it('says to everybody who is signed in what operators have described', async () => {
    const browser = await signIn(service, org.member);
    const read = async () =>
      (await browser.get('/v1/installation/data-permissions')).body as unknown;
    expect(await read()).toEqual({ items: [] });
    expect(await changed({ dataPermissions: items })).toEqual([
      { before: { dataPermissions: [] }, after: { dataPermissions: items } },
    ]);
    expect(await read()).toEqual({ items });
    expect(await changed({ dataPermissions: items })).toEqual([]);
    expect(await changed({ dataPermissions: [] })).toHaveLength(1);
  });

  it('is refused to strangers, and to keys', async () => {
    for (const who of [service.nobody, org.manager, service.operator]) {
      const send = () => who.get('/v1/installation/data-permissions');
      expectProblem(await withoutTrace(service, send), 401, 'unauthenticated');
    }
  });

  it('has permissions on data only, each once, each with a sentence', async () => {
    const [first] = items;
    const described = (permission: unknown) => [{ permission, description: 'x' }];
    await refusesEach(
      service,
      /^dataPermissions/,
      {
        'a reserved one': described('keys:read'),
        'no permission': described('telemetry'),
        'no text': [{ permission: 'telemetry:read' }],
        'a long text': [{ permission: 'telemetry:read', description: 'x'.repeat(201) }],
        twice: [first, first],
        'too many': Array.from({ length: 101 }, (_, n) => ({
          permission: `r${n}:read`,
          description: 'x',
        })),
        null: null,
      },
      (value) => patch({ dataPermissions: value }),
    );
  });
});
