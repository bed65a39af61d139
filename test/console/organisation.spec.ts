import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import type { Browser } from 'playwright-core';
import { lookEverywhere, noBrowser, openBrowser, seated, visit } from '../support/browser.js';
import { createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';

describe('Settings → Organisation', { skip: noBrowser }, () => {
  let service: Service;
  let org: Organisation;
  let browser: Browser;

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
    browser = await openBrowser();
  });
  after(async () => {
    await browser.close();
    await service.stop();
  });

  it('the rules for new keys are changed, and bind whoever creates one', async () => {
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Organisation');
      const rules = page.getByRole('region', { name: 'Rules for new keys' });
      expect(await rules.textContent()).toMatch(/90 days.*365 days.*Not allowed.*of their own/);
      await page.getByRole('button', { name: 'Change the rules' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Lifetime unless another').fill('60');
      await dialog.getByLabel('Longest lifetime').fill('30');
      await dialog.getByRole('button', { name: 'Save' }).click();
      expect(await dialog.getByRole('alert').textContent()).toMatch(/must not be greater/);
      await dialog.getByLabel('Lifetime unless another').fill('7');
      await dialog.getByLabel('Keys may be created that never').check({ force: true });
      await dialog.getByLabel('See and revoke their keys').check();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      expect(await rules.textContent()).toMatch(/7 days.*30 days.*Allowed.*Ask managers/);

      await visit(page, 'API Keys');
      await page.getByRole('button', { name: 'Create API key' }).click();
      const expiry = dialog.getByLabel('Expires after');
      expect(await expiry.inputValue()).toBe('7');
      expect(await expiry.locator('option').allTextContents()).toEqual([
        '7 days',
        '30 days',
        'Until a day of your choice',
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

  it('members see it, and change nothing', async () => {
    await seated(browser, service, org.member.email, async (page) => {
      await visit(page, 'Organisation');
      await page.getByRole('region', { name: 'Rules for new keys' }).waitFor();
      expect(await page.getByRole('button', { name: /Rename|Change/ }).count()).toBe(0);
    });
  });

  it('nothing stands in the way of anybody', async () => {
    const found = await lookEverywhere(browser, service, org.manager.email, async (page, look) => {
      await visit(page, 'Organisation');
      await look();
      await page.getByRole('button', { name: 'Change the rules' }).click();
      await look();
    });
    expect(found).toEqual([]);
  });
});
