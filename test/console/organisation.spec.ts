import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { lookEverywhere, noBrowser, openBrowser, seated, visit } from '../support/browser.js';
import { addPerson, createOrganisation, type Organisation } from '../support/organisation.js';
import { operatorOrgId } from '../support/persons.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

describeUnless(noBrowser, 'Settings → Organisation', () => {
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

  it('the rules for new keys are changed, and bind anyone who creates one', async () => {
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Organisation');
      const rules = page.getByRole('region', { name: 'Key policy' });
      expect(await rules.textContent()).toMatch(/90 days.*365 days.*Not allowed.*their own keys/);
      await page.getByRole('button', { name: 'Edit the key policy' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Default expiration').fill('60');
      await dialog.getByLabel('Maximum lifetime').fill('30');
      await dialog.getByText(/must not be greater/).waitFor();
      expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
      await dialog.getByLabel('Default expiration').fill('7');
      await dialog.getByLabel('Allow keys that never').check({ force: true });
      await dialog.getByLabel('See and revoke their own keys').check();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      expect(await rules.textContent()).toMatch(/7 days.*30 days.*Allowed.*Ask managers/);

      await visit(page, 'API Keys');
      await page.getByRole('button', { name: 'Create API key' }).click();
      const expiry = dialog.getByLabel('Expiration');
      expect(await expiry.inputValue()).toBe('7');
      expect(await expiry.locator('option').allTextContents()).toEqual([
        '7 days',
        '30 days',
        'Custom date',
        'Never',
      ]);
    });
    const refused = await org.member.post(org.path('/keys'), { name: 'mine', scope: 'read' });
    expect(refused.status).toBe(403);
  });

  it('is renamed everywhere', async () => {
    const { id } = (await service.operator.get(org.path())).body as { id: string };
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Organisation');
      await page.getByRole('button', { name: 'Rename' }).click();
      await page.getByRole('dialog').getByLabel('Name').fill('Tidewater Energy');
      await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
      await page.getByRole('heading', { name: 'Tidewater Energy' }).waitFor();
      await page.getByRole('banner').getByText('Tidewater Energy').waitFor();
      expect(await page.getByText(id).isVisible()).toBe(true);
    });
  });

  it('operators change the bounds, which others see', async () => {
    const operator = await addPerson(service, await operatorOrgId(service), 'manager');
    const bounds = (page: Page) => page.getByRole('region', { name: /^Key limits/ });
    await seated(browser, service, operator.email, async (page) => {
      await page.goto(`/${org.id}/configuration/organisation`);
      await bounds(page).waitFor();
      expect(await bounds(page).textContent()).toMatch(/1,000.*10,000/);
      await page.getByRole('button', { name: 'Edit the key limits' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Live keys per member').fill('50');
      await dialog.getByLabel('Live keys in all').fill('2000');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      expect(await bounds(page).textContent()).toMatch(/50.*2,000/);
    });
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Organisation');
      await bounds(page).waitFor();
      expect(await bounds(page).textContent()).toMatch(/50.*2,000/);
      expect(await page.getByRole('button', { name: 'Edit the key limits' }).count()).toBe(0);
    });
  });

  it('members see it, and change nothing', async () => {
    await seated(browser, service, org.member.email, async (page) => {
      await visit(page, 'Organisation');
      await page.getByRole('region', { name: 'Key policy' }).waitFor();
      expect(await page.getByRole('button', { name: /Rename|Edit/ }).count()).toBe(0);
    });
  });

  it('has no accessibility violations', async () => {
    const found = await lookEverywhere(browser, service, org.manager.email, async (page, look) => {
      await visit(page, 'Organisation');
      await look();
      await page.getByRole('button', { name: 'Edit the key policy' }).click();
      await look();
    });
    expect(found).toEqual([]);
  });
});
