import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { noBrowser, openBrowser, seated, signInWith, takeSeat, visit } from '../support/browser.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

describeUnless(noBrowser, 'the manners of the console', () => {
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

  const atKeys = (work: (page: Page) => Promise<void>) =>
    seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'API Keys');
      await work(page);
    });

  // For the page, whose types are not those of this code.
  const focused = (page: Page) =>
    page.evaluate<string>(
      `(({ ariaLabel, labels, textContent }) =>
        ariaLabel ?? labels?.[0]?.textContent ?? textContent)(document.activeElement)`,
    );
  const settle = (page: Page) => page.waitForTimeout(400);

  it('says what has succeeded, and gives the focus back to what opened the dialog', async () => {
    const { id } = await createKey(org.manager, org, { name: 'before' });
    await atKeys(async (page) => {
      await page.goto(`/${org.id}/configuration/api-keys/${id}`);
      await page.getByRole('button', { name: 'Rename' }).click();
      await page.getByRole('dialog').getByLabel('Name').fill('after');
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText('Renamed to “after”').waitFor();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await settle(page);
      expect(await focused(page)).toBe('Rename');
    });
  });

  it('a dialog begins at its first field, or at the button that does no harm', async () => {
    await createKey(org.manager, org, { name: 'to be kept' });
    await atKeys(async (page) => {
      await page.getByRole('button', { name: 'Create API key' }).click();
      await page.getByRole('dialog').getByLabel('Name').waitFor();
      await settle(page);
      // The first time the policy of the organisation has to be loaded.
      await page.keyboard.type('with a space');
      expect(await page.getByRole('dialog').getByLabel('Name').inputValue()).toBe('with a space');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await settle(page);
      expect(await focused(page)).toBe('Create API key');
      await visit(page, 'Users & Permissions');
      await page.getByRole('button', { name: 'Remove A member' }).click();
      await page.getByText('This key stops working').waitFor();
      await settle(page);
      expect(await focused(page)).toBe('Cancel');
    });
  });

  it('points out a name that another key has, and refuses one that is too long', async () => {
    await createKey(org.manager, org, { name: 'Nightly export' });
    await atKeys(async (page) => {
      await page.getByRole('button', { name: 'Create API key' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('nightly export');
      await dialog.getByText('There is an active key with this name already.').waitFor();
      expect(await dialog.getByRole('button', { name: 'Create key' }).isEnabled()).toBe(true);
      await dialog.getByLabel('Name').fill('n'.repeat(101));
      await dialog.getByText('A name has at most 100 characters. This one has 101.').waitFor();
      expect(await dialog.getByRole('button', { name: 'Create key' }).isDisabled()).toBe(true);
    });
  });

  it('a key for 90 days has 90 days, and no warning; an unused one has no requests', async () => {
    const { id } = await createKey(org.manager, org, { name: 'fresh', expiresInDays: 90 });
    const short = await createKey(org.manager, org, { name: 'short', expiresInDays: 7 });
    await atKeys(async (page) => {
      const left = async (name: string, text: string) =>
        page.getByRole('row').filter({ hasText: name }).getByText(text).getAttribute('class');
      expect(await left('fresh', 'in 90 days')).not.toMatch(/near|urgent/);
      expect(await left('short', 'in 7 days')).not.toMatch(/near|urgent/);
      await page.goto(`/${org.id}/configuration/api-keys/${id}`);
      const chart = page.getByRole('region', { name: 'Requests per day' });
      await chart.getByText('0 requests in 30 days').waitFor();
      await chart.getByText('Peak: 0 a day').waitFor();
      const date = new Date(Date.now() + 7 * 86_400_000);
      await org.manager.delete(org.path(`/keys/${short.id}`));
      await page.goto(`/${org.id}/configuration/api-keys/${short.id}`);
      const shown = date.toLocaleDateString('en-US', { dateStyle: 'medium' });
      await page.getByRole('region', { name: 'Details' }).getByText(shown).waitFor();
    });
  });

  it('a page that cannot be loaded says so, and loads at the next attempt', async () => {
    // The browser complains about what it could not load.
    const seat = await takeSeat(browser, { baseURL: service.url });
    const { page } = seat;
    await signInWith(page, service, org.member.email);
    await page.route('**/v1/**', (route) => route.abort());
    await page.reload();
    await page.getByRole('heading', { name: 'Keyfence cannot be reached' }).waitFor();
    await page.unroute('**/v1/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'API Keys' }).waitFor();
    await seat.close();
  });

  it('a path that leads nowhere is a page in a browser, and a problem for programs', async () => {
    const seat = await takeSeat(browser, { baseURL: service.url });
    const response = await seat.page.goto('/nowhere/at/all');
    expect(response?.status()).toBe(404);
    await seat.page.getByRole('heading', { name: 'Page not found' }).waitFor();
    expect(seat.complaints).toEqual([]);
    await seat.close();
    const ask = (path: string, accept: string) =>
      fetch(service.url + path, { headers: { accept } }).then(({ headers }) =>
        headers.get('content-type'),
      );
    const html = 'text/html,application/xhtml+xml,*/*;q=0.8';
    expect(await ask('/nowhere', html)).toMatch(/^text\/html/);
    for (const [path, accept] of [
      ['/nowhere', '*/*'],
      ['/nowhere', 'application/json'],
      ['/v1/nowhere', html],
    ] as const) {
      expect(await ask(path, accept)).toMatch(/^application\/problem\+json/);
    }
  });

  it('the first page costs at most 250 kB, and its styles 60 kB unpacked', async () => {
    const seat = await takeSeat(browser, { baseURL: service.url });
    await seat.page.goto('/sign-in');
    await seat.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await seat.page.waitForLoadState('networkidle');
    const files = await seat.page.evaluate<{ name: string; sent: number; whole: number }[]>(
      `performance.getEntriesByType('resource').map(({ name, encodedBodySize, decodedBodySize }) =>
        ({ name, sent: encodedBodySize, whole: decodedBodySize }))`,
    );
    const scripts = files.filter(({ name }) => /\.(js|css)$/.test(name));
    expect(scripts.length).toBeGreaterThan(2);
    expect(scripts.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThan(250_000);
    const styles = scripts.filter(({ name }) => name.endsWith('.css'));
    expect(styles).toHaveLength(1);
    expect(styles[0]?.whole).toBeLessThan(60_000);
    await seat.close();
  });
});
