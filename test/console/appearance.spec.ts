import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { lookEverywhere, noBrowser, openBrowser, seated, visit } from '../support/browser.js';
import {
  addPerson,
  createOrganisation,
  type Organisation,
  type Person,
} from '../support/organisation.js';
import { operatorOrgId } from '../support/persons.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

const logo = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="9" cx="9" cy="9"/></svg>';

describeUnless(noBrowser, 'What operators set for the whole installation', () => {
  let service: Service;
  let org: Organisation;
  let operator: Person;
  let browser: Browser;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service, ['telemetry:read']);
    operator = await addPerson(service, await operatorOrgId(service), 'manager');
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });

  it('name, logo and scopes of the product are on every page, also before somebody signs in', async () => {
    await seated(browser, service, operator.email, async (page) => {
      await visit(page, 'All organisations');
      await page.getByRole('button', { name: 'Edit the appearance' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Product name').fill('Tidewater');
      const file = { name: 'logo.svg', mimeType: 'image/svg+xml' };
      const chooser = page.locator('input[type=file]');
      await chooser.setInputFiles({ ...file, buffer: Buffer.alloc(30_001, ' ') });
      await dialog.getByText('Choose a PNG, WebP or SVG image of at most 30 kB.').waitFor();
      await chooser.setInputFiles({ ...file, buffer: Buffer.from(logo) });
      await dialog.getByRole('img', { name: 'The logo' }).waitFor();
      await dialog.getByLabel('Name of Read-Write').fill('Operate');
      await dialog.getByLabel('Meaning of Read-Write').fill('Control devices.');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('The appearance is saved').waitFor();
      await page.getByRole('link', { name: 'Tidewater, home' }).waitFor();
      expect(await page.title()).toBe('All organisations · Tidewater');
    });
    const page = await browser.newPage({ baseURL: service.url });
    await page.goto('/sign-in');
    await page.locator('.brand', { hasText: 'Tidewater' }).waitFor();
    const source = await page.locator('.brand img').getAttribute('src');
    expect(source).toBe(`data:image/svg+xml;base64,${Buffer.from(logo).toString('base64')}`);
    expect(await page.locator('link[rel=icon]').getAttribute('href')).toBe(source);
    expect(await page.textContent('body')).not.toContain('Keyfence');
    await page.close();
    await seated(browser, service, org.manager.email, async (own) => {
      await visit(own, 'API Keys');
      await own.getByRole('button', { name: 'Create API key' }).click();
      await own.getByRole('dialog').getByText('Control devices.').waitFor();
    });
  });

  it('data permissions are described once, and forms offer them', async () => {
    await seated(browser, service, operator.email, async (page) => {
      await visit(page, 'All organisations');
      await page.getByRole('button', { name: 'Edit the data permissions' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Permission 1').fill('telemetry');
      await dialog.getByLabel('Description 1').fill('See what devices report.');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText('“telemetry” is not a permission. Write resource:action').waitFor();
      await dialog.getByLabel('Permission 1').fill('telemetry:read');
      await dialog.getByRole('button', { name: 'Add a row' }).click();
      await dialog.getByLabel('Permission 2').fill('telemetry:write');
      await dialog.getByLabel('Description 2').fill('Control devices.');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('The data permissions are described').waitFor();

      await page.getByRole('button', { name: /^Permissions of The / }).click();
      expect(await dialog.getByLabel('telemetry:read').isChecked()).toBe(true);
      await dialog.getByLabel('telemetry:write').check();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('are saved').waitFor();
    });
    const { body } = await service.operator.get(`/v1/orgs/${org.id}`);
    expect(body.grants).toEqual(['telemetry:read', 'telemetry:write']);
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Users & Permissions');
      await page.getByRole('button', { name: 'Add member' }).click();
      await page.getByLabel(/^All data permissions/).uncheck();
      await page.getByText('Control devices.').waitFor();
    });
  });

  it('is there at both widths, light and dark', async () => {
    const found = await lookEverywhere(browser, service, operator.email, async (page, look) => {
      await page.goto('/organisations');
      await page.getByRole('heading', { name: 'Appearance' }).waitFor();
      await look();
      for (const what of ['the appearance', 'the data permissions']) {
        await page.getByRole('button', { name: `Edit ${what}` }).click();
        await page.getByRole('dialog').waitFor();
        await look();
        await page.getByRole('button', { name: 'Cancel' }).click();
      }
    });
    expect(found).toEqual([]);
  });
});
