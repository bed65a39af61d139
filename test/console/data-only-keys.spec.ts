import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { noBrowser, openBrowser, seated as seatedAt, visit } from '../support/browser.js';
import { addPerson, createOrganisation, type Organisation } from '../support/organisation.js';
import { operatorOrgId } from '../support/persons.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

const secretForm = /kf_[0-9A-Za-z]{42}/;

describeUnless(noBrowser, 'The form for a new key', () => {
  let service: Service;
  let org: Organisation;
  let browser: Browser;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });

  const seated = (email: string, work: (page: Page) => Promise<void>) =>
    seatedAt(browser, service, email, async (page) => {
      await visit(page, 'API Keys');
      await work(page);
    });

  async function create(page: Page, name: string, isForManagement: boolean): Promise<string[]> {
    await page.getByRole('button', { name: 'Create API key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(name);
    if (isForManagement) await dialog.getByLabel('Manage this organisation').check();
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await dialog.getByText('It is shown only once.').waitFor();
    const secret = secretForm.exec((await dialog.textContent()) ?? '')?.[0] ?? '';
    await page.reload();
    return (await service.as(secret).get('/v1/whoami')).body.permissions as string[];
  }

  it('makes one for data only, unless it shall manage', async () => {
    await seated(org.manager.email, async (page) => {
      expect(await create(page, 'only data', false)).toEqual(['telemetry:read']);
      expect(await create(page, 'a manager', true)).toContain('keys:read');
      await page.getByRole('link', { name: 'only data' }).click();
      await page.getByText('No: data only').waitFor();
    });
  });

  it('makes a key for a service that verifies keys, which does nothing else', async () => {
    const operator = await addPerson(service, await operatorOrgId(service), 'manager');
    await seatedAt(browser, service, operator.email, async (page) => {
      await page.goto(`/${await operatorOrgId(service)}/configuration/api-keys`);
      await page.getByRole('button', { name: 'Create API key' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('a gateway');
      await dialog.getByLabel('Service that verifies keys').check();
      await dialog.getByRole('button', { name: 'Create key' }).click();
      await dialog.getByText('It is shown only once.').waitFor();
      const secret = secretForm.exec((await dialog.textContent()) ?? '')?.[0] ?? '';
      const { body } = await service.as(secret).get('/v1/whoami');
      expect(body).toMatchObject({ scope: 'read', permissions: ['verify:read'] });
    });
  });

  it('says why a key for data could do nothing, before it is sent', async () => {
    const poor = await createOrganisation(service, []);
    await seated(poor.manager.email, async (page) => {
      await page.getByRole('button', { name: 'Create API key' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('There are no data permissions here').waitFor();
      const button = dialog.getByRole('button', { name: 'Create key' });
      expect(await button.isDisabled()).toBe(true);
      await dialog.getByLabel('Manage this organisation').check();
      expect(await button.isDisabled()).toBe(false);
    });
  });
});
