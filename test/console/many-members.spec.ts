import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { choose, noBrowser, openBrowser, seated, visit } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { insertMembers } from '../support/many-members.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

/** The last of more members than a page of the service holds. */
const last = 'Person 150';

describeUnless(noBrowser, 'an organisation with more members than a page holds', () => {
  let service: Service;
  let org: Organisation;
  let browser: Browser;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    await insertMembers(service.db, org, 150);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });

  const sit = (work: (page: Page) => Promise<void>) =>
    seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'API Keys');
      await work(page);
    });

  it('has keys for each of them', async () => {
    await sit(async (page) => {
      await page.getByRole('button', { name: 'Create API key' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('of the last');
      await choose(dialog, 'Owner', last);
      await dialog.getByRole('button', { name: 'Create key' }).click();
      await dialog.getByLabel('I have stored it').check();
      await dialog.getByRole('button', { name: 'Close' }).click();
      const row = page.getByRole('row').filter({ hasText: 'of the last' });
      expect(await row.textContent()).toContain(last);
    });
  });

  it('names each of them in the audit log, which can be filtered by them', async () => {
    const { rows } = await service.db.query<{ id: string }>(
      'SELECT id FROM users WHERE name = $1',
      [last],
    );
    await org.manager.put(org.path(`/members/${rows[0]?.id}`), { role: 'manager', grants: null });
    await sit(async (page) => {
      await visit(page, 'Audit log');
      await page
        .getByRole('row')
        .filter({ hasText: 'changed the access of' })
        .getByText(last)
        .waitFor();
      await choose(page, 'Who', last);
      await page.waitForURL(/actor=usr_/);
      await page.getByText('No events match').waitFor();
    });
  });

  it('shows by whom the audit log is filtered, also when that is no member', async () => {
    await sit(async (page) => {
      await page.goto(`/${org.id}/configuration/audit?actor=${org.manager.keyId}`);
      await page.getByText('No events match').waitFor({ state: 'hidden' });
      expect(await page.getByLabel('Who').inputValue()).toBe(org.manager.keyId);
    });
  });

  it('leads through all that happened to a key', async () => {
    const { id } = await createKey(org.manager, org, { name: 'renamed' });
    for (let n = 0; n < 55; n += 1) {
      await org.manager.patch(org.path(`/keys/${id}`), { name: `renamed ${n}` });
    }
    await sit(async (page) => {
      await page.goto(`/${org.id}/configuration/api-keys/${id}`);
      const trail = page.getByRole('region', { name: 'Activity' });
      const events = async () => (await trail.getByRole('row').count()) - 1;
      await eventually(async () => (await events()) === 50);
      await trail.getByRole('button', { name: 'Next page' }).click();
      await eventually(async () => (await events()) === 6);
      await trail.getByRole('cell', { name: /^A manager created/ }).waitFor();
    });
  });

  it('lists them page by page, with how many there are, and searches them', async () => {
    await sit(async (page) => {
      await visit(page, 'Users & Permissions');
      await page.getByText('152 members', { exact: true }).waitFor();
      const rows = async () => (await page.getByRole('row').count()) - 1;
      expect(await rows()).toBe(50);
      await page.getByRole('button', { name: 'Next page' }).click();
      await page.waitForURL(/cursor=/);
      await page.getByText('152 members', { exact: true }).waitFor();
      await page.getByLabel('Search').fill('ERSON 14');
      await page.waitForURL(/search=ERSON/);
      await page.getByText('11 members', { exact: true }).waitFor();
      await eventually(async () => (await rows()) === 11);
      await page.getByLabel('Role').selectOption('Manager');
      await page.getByText('Nobody matches').waitFor();
      await page.goBack();
      await eventually(async () => (await rows()) === 11);
    });
  });

  it('lets the keyboard choose among them', async () => {
    await sit(async (page) => {
      await page.getByRole('button', { name: 'Create API key' }).click();
      const owner = page.getByRole('dialog').getByLabel('Owner');
      await owner.focus();
      await page.keyboard.type('Person 14');
      const found = page.getByRole('listbox', { name: 'Members' }).getByRole('option');
      await eventually(async () => (await found.count()) === 11);
      await page.keyboard.press('ArrowDown');
      const second = (await found.nth(1).textContent()) ?? '';
      await page.keyboard.press('Enter');
      expect(second).toContain(await owner.inputValue());
      await page.keyboard.type('x');
      // Nobody is chosen who was not found.
      await page.getByText('Nobody matches').waitFor();
      await page.keyboard.press('Escape');
      expect(second).toContain(await owner.inputValue());
      await page.getByRole('dialog').waitFor();
    });
  });
});
