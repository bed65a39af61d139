import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { noBrowser, openBrowser, seated } from '../support/browser.js';
import { insertKeys } from '../support/many-keys.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

describeUnless(noBrowser, 'Overview', () => {
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

  /** Lets a key be as old as if somebody had waited. */
  const age = (keyId: string, days: number) =>
    service.db.query(
      `UPDATE api_keys SET created_at = created_at - passed, expires_at = expires_at - passed
       FROM make_interval(days => $2) AS passed WHERE id = $1`,
      [keyId, days],
    );

  const total = async (page: Page, name: string) =>
    (await page.locator('dl > div').filter({ hasText: name }).locator('dd').textContent()) ?? '';

  it('counts keys by state, and names those that expire soon and that nobody uses', async () => {
    const [gone, ending, idle] = [
      await createKey(org.manager, org, { name: 'switched off' }),
      await createKey(org.manager, org, { name: 'about to end', expiresInDays: 90 }),
      await createKey(org.manager, org, { name: 'left alone' }),
    ];
    await org.manager.delete(org.path(`/keys/${gone.id}?reason=not%20needed`));
    await age(ending.id, 86);
    await service.db.query(
      `UPDATE api_keys SET created_at = created_at - interval '100 days' WHERE id = $1`,
      [idle.id],
    );
    await service.db.query(
      `INSERT INTO key_usage (key_id, uses, last_used_at) VALUES ($1, 12, now())`,
      [ending.id],
    );
    await service.db.query(
      `INSERT INTO key_usage_days (key_id, day, uses) VALUES ($1, (now() AT TIME ZONE 'UTC')::date, 12)`,
      [ending.id],
    );
    await seated(browser, service, org.manager.email, async (page) => {
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      await page.locator('dl').waitFor();
      // The manager and the member have a key each.
      const totals = ['Active', 'Expired', 'Revoked', 'Expiring soon', 'Unused'];
      const counts = [];
      for (const name of totals) counts.push(await total(page, name));
      expect(counts).toEqual(['4', '0', '1', '1', '1']);
      const part = (name: string) => page.getByRole('region', { name });
      expect(await part('Expiring soon').textContent()).toMatch(/about to end.*in 4 days/);
      expect(await part('Unused').textContent()).toMatch(/left alone.*never used/);
      await part('Requests per day')
        .getByText(/1\d requests in 30 days/)
        .waitFor();
      await part('Recent activity').getByText('revoked switched off: not needed').waitFor();
      await page.getByRole('link', { name: 'Unused for 90 days' }).click();
      await page.getByText('1 key', { exact: true }).waitFor();
      await page.getByRole('row').filter({ hasText: 'left alone' }).waitFor();
      await page.goBack();
      await page.getByRole('link', { name: 'Revoked' }).click();
      await page.getByRole('row').filter({ hasText: 'switched off' }).waitFor();
    });
  });

  it('counts all keys, also where there are more than a page of the service holds', async () => {
    const large = await createOrganisation(service);
    await insertKeys(service.db, large, 1_200);
    await seated(browser, service, large.manager.email, async (page) => {
      await page.locator('dl').waitFor();
      expect(await total(page, 'Active')).toBe('1,202');
    });
  });

  it('leads to the form for a new key, also a member who sees their own keys alone', async () => {
    await seated(browser, service, org.member.email, async (page) => {
      await page.goto(`/${org.id}/configuration/overview`);
      await page.locator('dl').waitFor();
      expect(await total(page, 'Active')).toBe('1');
      await page.getByRole('link', { name: 'Create API key' }).click();
      await page.getByRole('dialog', { name: 'Create an API key' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('heading', { name: 'API Keys' }).waitFor();
    });
  });
});
