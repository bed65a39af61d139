import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import {
  choose,
  lookEverywhere,
  noBrowser,
  openBrowser,
  seated,
  visit,
} from '../support/browser.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../support/organisation.js';
import { operatorOrgId } from '../support/persons.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

describeUnless(noBrowser, 'All organisations', () => {
  let service: Service;
  let org: Organisation;
  let operator: Person;
  let browser: Browser;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    operator = await addPerson(service, await operatorOrgId(service), 'manager');
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });

  const title = 'All organisations';
  const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
  const check = async (secret: string) => (await service.as(secret).get('/v1/whoami')).status;

  it('one is created, gets its first manager, and a key', async () => {
    const email = 'ada@tidewater.example';
    await seated(browser, service, operator.email, async (page) => {
      await visit(page, title);
      await page.getByRole('button', { name: 'Create organisation' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(/^Name/).fill('Énergie & Marées');
      await dialog.getByLabel('Data permissions').fill('telemetry:read\ntelemetry');
      await dialog.getByRole('button', { name: 'Create organisation' }).click();
      await dialog.getByText('“telemetry” is not a permission. Write resource:action').waitFor();
      await dialog.getByLabel('Data permissions').fill('telemetry:read\ntelemetry:write');
      await dialog.getByRole('button', { name: 'Create organisation' }).click();

      await page.getByRole('heading', { name: 'Users & Permissions' }).waitFor();
      await page.getByText('Start with a manager').waitFor();
      await page.getByRole('banner').getByText('Énergie & Marées').waitFor();
      await page.getByRole('button', { name: 'Add member' }).click();
      await dialog.getByLabel('E-mail address').fill(email);
      await dialog.getByLabel('Name').fill('Ada Okafor');
      await dialog.getByLabel('Manager').check();
      await dialog.getByRole('button', { name: 'Add member' }).click();
      await rowOf(page, email).waitFor();
      await dialog.getByText('Create a sign-in link and pass it on').waitFor();
      await dialog.getByRole('button', { name: 'Cancel' }).click();

      await visit(page, 'API Keys');
      await page.getByRole('button', { name: 'Create API key' }).click();
      await dialog.getByLabel('Name').fill('first');
      // There is nobody whose it would be without a choice.
      await dialog.getByRole('button', { name: 'Create key' }).click();
      await choose(dialog, 'Owner', 'Ada Okafor');
      await dialog.getByRole('button', { name: 'Create key' }).click();
      await dialog.getByLabel('I have stored it').check();
      await dialog.getByRole('button', { name: 'Close' }).click();
      await rowOf(page, 'first').getByText('Ada Okafor').waitFor();

      await visit(page, title);
      expect(await rowOf(page, 'Énergie').textContent()).toMatch(/energie-marees.*telemetry:write/);
    });
    await seated(browser, service, email, async (page) => {
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      await page.getByRole('banner').getByText('Énergie & Marées').waitFor();
    });
  });

  it('one is suspended and resumed, and its keys follow at once', async () => {
    const { secret } = await createKey(org.manager, org);
    await seated(browser, service, operator.email, async (page) => {
      await visit(page, title);
      const dialog = page.getByRole('dialog');
      await page.getByRole('button', { name: `Suspend The ${org.slug}` }).click();
      await dialog.getByRole('button', { name: 'Suspend' }).click();
      await rowOf(page, org.slug).getByText('Suspended').waitFor();
      await page.reload();
      expect(await check(secret)).toBe(401);
      await page.getByRole('button', { name: `Resume The ${org.slug}` }).click();
      await dialog.getByRole('button', { name: 'Resume' }).click();
      await rowOf(page, org.slug).getByText('Active').waitFor();
      expect(await check(secret)).toBe(200);
    });
  });

  it('permissions are taken away, and keys lose them at once', async () => {
    const { secret } = await createKey(org.manager, org);
    await seated(browser, service, operator.email, async (page) => {
      await visit(page, title);
      await page.getByRole('button', { name: `Permissions of The ${org.slug}` }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Data permissions').fill('telemetry:write');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
    });
    const { body } = await service.as(secret).get('/v1/whoami');
    expect(body.permissions).not.toContain('telemetry:read');
  });

  it('nobody else gets to see it, nor an organisation of others', async () => {
    const other = await createOrganisation(service);
    await seated(browser, service, org.manager.email, async (page) => {
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('menuitem', { name: 'API Keys' }).waitFor();
      expect(await page.getByRole('menuitem', { name: title }).count()).toBe(0);
      await page.goto('/organisations');
      await page.getByRole('heading', { name: 'Page not found' }).waitFor();
      await page.goto(`/${other.id}/configuration/members`);
      await page.getByRole('heading', { name: 'Page not found' }).waitFor();
    });
    await seated(browser, service, operator.email, async (page) => {
      await page.goto('/org_01h455vb4pex5vsknk084sn02q/configuration/members');
      await page.getByRole('heading', { name: 'Page not found' }).waitFor();
    });
  });

  it('has no accessibility violations', async () => {
    const found = await lookEverywhere(browser, service, operator.email, async (page, look) => {
      await visit(page, title);
      await rowOf(page, org.slug).waitFor();
      await look();
      await page.getByRole('button', { name: 'Create organisation' }).click();
      await look();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: `Suspend The ${org.slug}` }).click();
      await look();
    });
    expect(found).toEqual([]);
  });
});
