import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import {
  nameOfFocus,
  noBrowser,
  openBrowser,
  seated as seatedAt,
  visit,
} from '../support/browser.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

describeUnless(noBrowser, 'a key in the console', () => {
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

  it('a key is restricted, and holds less at once', async () => {
    const { secret } = await createKey(org.member, org, { name: 'wide', scope: 'read-write' });
    const held = async () =>
      (await service.as(secret).get('/v1/whoami')).body.permissions as string[];
    expect(await held()).toContain('telemetry:write');
    await seated(org.member.email, async (page) => {
      await page.getByRole('link', { name: 'wide' }).click();
      await page.getByRole('button', { name: 'Restrict' }).click();
      const dialog = page.getByRole('dialog');
      expect(await dialog.getByRole('button', { name: 'Restrict' }).isDisabled()).toBe(true);
      expect(await dialog.getByLabel(/^Admin/).count()).toBe(0);
      await dialog.getByLabel(/^Read$/).check();
      expect(await dialog.getByLabel('telemetry:write').count()).toBe(0);
      for (const each of ['keys:read', 'org:read']) await dialog.getByLabel(each).uncheck();
      await dialog.getByLabel('Allowed IPs').fill('127.0.0.1/8 nonsense');
      await dialog.getByRole('button', { name: 'Restrict' }).click();
      await dialog.getByText('“127.0.0.1/8” is not an IP address or a CIDR range').waitFor();
      expect(await dialog.getByRole('alert').count()).toBe(0);
      expect(await page.evaluate<string>(nameOfFocus)).toBe('Allowed IPs');
      await dialog.getByLabel('Allowed IPs').fill('127.0.0.1');
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
      await dialog.getByLabel('Last day').fill(tomorrow);
      await dialog.getByRole('button', { name: 'Restrict' }).click();
      await dialog.waitFor({ state: 'hidden' });
      const facts = await page.getByRole('region', { name: 'Details' }).textContent();
      expect(facts).toMatch(
        /Restricted totelemetry:read \(a fixed list\)Allowed IPs127\.0\.0\.1\/32Owner/,
      );
    });
    expect(await held()).toEqual(['telemetry:read']);
  });

  it('a key has a description and tags, which can be changed later', async () => {
    await seated(org.member.email, async (page) => {
      await page.getByRole('button', { name: 'Create API key' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('described');
      await dialog.getByRole('button', { name: 'Advanced' }).click();
      await dialog.getByLabel('Description').fill('x'.repeat(501));
      await dialog.getByText('This one has 501.').waitFor();
      expect(await dialog.getByRole('button', { name: 'Create key' }).isDisabled()).toBe(true);
      await dialog.getByLabel('Description').fill('Runs in hall 3.\nAsk the plant team.');
      await dialog.getByLabel('Tags').fill('Hall-3, <b>');
      await dialog.getByRole('button', { name: 'Create key' }).click();
      await dialog.getByText('“<b>” must be a word').waitFor();
      expect(await page.evaluate<string>(nameOfFocus)).toBe('Tags');
      await dialog.getByLabel('Tags').fill('Hall-3, production');
      await dialog.getByRole('button', { name: 'Create key' }).click();
      await dialog.getByLabel('I have stored it').check();
      await dialog.getByRole('button', { name: 'Close' }).click();
      const row = page.getByRole('row').filter({ hasText: 'described' });
      expect(await row.textContent()).toMatch(/hall-3.*production/);
      await row.getByRole('link').click();
      const details = page.getByRole('region', { name: 'Details' });
      await details.getByText('Ask the plant team.').waitFor();
      await details.getByRole('button', { name: 'Edit description and tags' }).click();
      await dialog.getByLabel('Description').fill('');
      await dialog.getByLabel('Tags').fill(Array.from({ length: 11 }, (_, i) => `t${i}`).join(' '));
      await dialog.getByText('These are 11.').waitFor();
      await dialog.getByLabel('Tags').fill('spare');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await details.getByText('spare').waitFor();
      expect(await details.textContent()).not.toMatch(/Description(?! and)|hall-3/);
    });
  });
});
