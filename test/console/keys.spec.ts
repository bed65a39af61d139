import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import {
  lookEverywhere,
  nameOfFocus,
  noBrowser,
  openBrowser,
  seated as seatedAt,
  visit,
} from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { insertManyKeys } from '../support/many-keys.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
} from '../support/organisation.js';
import { isInMemory } from '../support/page-memory.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

const secretForm = /kf_[0-9A-Za-z]{42}/;

describeUnless(noBrowser, 'Settings → API Keys', () => {
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
    seatedAt(
      browser,
      service,
      email,
      async (page) => {
        await visit(page, 'API Keys');
        await work(page);
      },
      { permissions: ['clipboard-write'] },
    );

  const whoami = async (key: string) => (await service.as(key).get('/v1/whoami')).status;

  /** Creates a key as people do. */
  async function create(page: Page, name: string): Promise<string> {
    await page.getByRole('button', { name: 'Create API key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await dialog.getByText('It is shown only once.').waitFor();
    return secretForm.exec((await dialog.textContent()) ?? '')?.[0] ?? '';
  }

  it('a key is generated, copied, used, seen masked and last used, revoked, and its trail is read', async () => {
    await seated(org.manager.email, async (page) => {
      expect(new URL(page.url()).pathname).toBe(`/${org.id}/configuration/api-keys`);
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('menuitem', { name: 'API Keys' }).click();
      const secret = await create(page, 'Claude Desktop – Work Laptop');
      const dialog = page.getByRole('dialog');
      for (const way of ['curl', 'Environment variable', 'MCP client']) {
        await dialog.getByRole('tab', { name: way }).click();
        expect(await dialog.getByRole('tabpanel').textContent()).toContain(secret);
      }
      // Neither by accident nor unread.
      await page.keyboard.press('Escape');
      expect(await dialog.getByRole('button', { name: 'Close' }).isDisabled()).toBe(true);
      await dialog.getByLabel('I have stored it').check();
      await dialog.getByRole('button', { name: 'Close' }).click();
      await dialog.waitFor({ state: 'hidden' });

      expect(await whoami(secret)).toBe(200);
      const row = page.getByRole('row').filter({ hasText: 'Claude Desktop' });
      expect(await row.textContent()).toContain(`${secret.slice(0, 7)}…${secret.slice(-4)}`);
      await eventually(async () => {
        await page.reload();
        await row.waitFor();
        return (await row.textContent())?.includes('now');
      }, 30_000);

      await row.getByRole('button', { name: 'Revoke' }).click();
      const revoke = page.getByRole('dialog');
      expect(await revoke.textContent()).toMatch(
        /cannot be undone.*Last used now from 127\.0\.0\.1/,
      );
      const button = revoke.getByRole('button', { name: 'Revoke' });
      expect(await button.isDisabled()).toBe(true);
      await revoke.getByLabel(/Type its name/).fill('Claude Desktop – Work Laptop');
      await revoke.getByLabel(/Reason/).fill('laptop lost');
      await button.click();
      await revoke.waitFor({ state: 'hidden' });
      expect(await whoami(secret)).toBe(401);

      await row.waitFor({ state: 'hidden' });
      await page.getByLabel('State').selectOption('Revoked');
      await row.getByText('Revoked').waitFor();
      await page.getByRole('link', { name: 'Claude Desktop' }).click();
      await page.getByText('laptop lost', { exact: true }).waitFor();
      const trail = page.getByRole('region', { name: 'Activity' });
      await trail
        .getByRole('cell', { name: 'A manager revoked Claude Desktop – Work Laptop: laptop lost' })
        .waitFor();
      const who = trail.getByRole('cell', { name: /^A manager / });
      // Names come after the events.
      await eventually(async () => (await who.count()) === 2);
    });
  });

  it('a secret is nowhere, also not in memory, a second after its dialog was closed', async () => {
    await seated(org.manager.email, async (page) => {
      const secret = await create(page, 'forgotten');
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Copy the key' }).click();
      await dialog.getByRole('button', { name: 'Copied' }).waitFor();
      for (const way of ['Environment variable', 'MCP client']) {
        await dialog.getByRole('tab', { name: way }).click();
        await dialog.getByRole('tabpanel').getByRole('button', { name: 'Copy' }).click();
      }
      expect(await isInMemory(page, secret)).toBe(true);
      await dialog.getByLabel('I have stored it').check();
      await dialog.getByRole('button', { name: 'Close' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await page.waitForTimeout(1_000);
      const found = await page.evaluate<string>(
        `[document.documentElement.outerHTML, location.href,
          JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state])].join()`,
      );
      expect(found).not.toContain(secret);
      expect(await isInMemory(page, secret)).toBe(false);
      expect(service.log.join('\n')).not.toContain(secret);
    });
  });

  it('a retry while the first attempt still runs makes no second key', async () => {
    await seated(org.member.email, async (page) => {
      const attempts: (string | undefined)[] = [];
      await page.route('**/keys', async (route, request) => {
        if (request.method() !== 'POST') return route.fallback();
        attempts.push(request.headers()['idempotency-key']);
        if (attempts.length > 1) return route.fallback();
        // It arrives, and another node responds meanwhile.
        await route.fetch();
        const problem = { title: 'Still running.', status: 409, code: 'idempotency_in_progress' };
        return route.fulfill({
          status: 409,
          contentType: 'application/problem+json',
          body: JSON.stringify(problem),
        });
      });
      await page.getByRole('button', { name: 'Create API key' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('once');
      await dialog.getByRole('button', { name: 'Create key' }).click();
      await dialog.getByText('Still running.').waitFor();
      await dialog.getByRole('button', { name: 'Create key' }).click();
      await dialog.getByText('“once” was created').waitFor();
      expect(attempts).toEqual([attempts[0], attempts[0]]);
      const { body } = await org.member.get(org.path('/keys?search=once'));
      expect(body.items).toHaveLength(1);
    });
  });

  it('a key is checked without being stored', async () => {
    const { secret } = await createKey(org.member, org, { name: 'checked' });
    await seated(org.manager.email, async (page) => {
      await page.getByRole('button', { name: 'Check a key' }).click();
      const check = page.getByRole('dialog', { name: 'Check a key' });
      const ask = async (key: string) => {
        await check.getByLabel('API key').fill(key);
        await check.getByRole('button', { name: 'Check', exact: true }).click();
      };
      await ask(secret);
      await check.getByText('This key works').waitFor();
      expect(await check.textContent()).toMatch(
        /checked, of A member in The .*Read;.*telemetry:read/,
      );
      expect(await check.getByLabel('API key').inputValue()).toBe('');
      for (const bad of [`${secret.slice(0, -1)}!`, 'größe 東京']) {
        await ask(bad);
        await check.getByText('This key does not work').waitFor();
      }
    });
  });

  it('a search, a filter and an order are in the URL, and the back button undoes them', async () => {
    for (const name of ['export one', 'export two']) await createKey(org.member, org, { name });
    await seated(org.member.email, async (page) => {
      const names = () => page.getByRole('row').getByRole('link').allTextContents();
      await page.getByLabel('Search').fill('export');
      await page.waitForURL(/search=export/);
      await eventually(async () => (await names()).length === 2);
      await page.getByLabel('Order').selectOption('By name');
      await page.waitForURL(/sort=name/);
      await eventually(async () => (await names()).join() === 'export one,export two');
      await page.goBack();
      await eventually(async () => (await names()).join() === 'export two,export one');
      await page.getByLabel('State').selectOption('Revoked');
      await page.getByText('No keys match').waitFor();
    });
  });

  it('keys that a revoked one had created are named, and the list shows all of them', async () => {
    const own = await createOrganisation(service);
    const maker = await createKey(own.manager, own, { name: 'the maker', scope: 'admin' });
    const { userId: ownerId } = own.member;
    await insertManyKeys(service.db, { orgId: own.id, ownerId, createdBy: maker.id, count: 12 });
    await seated(own.manager.email, async (page) => {
      await page.getByLabel('Search').fill('the maker');
      await page.getByRole('button', { name: 'Revoke the maker' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Revoke' }).click();
      await dialog.getByText('12 keys that it created still work').waitFor();
      expect(await dialog.getByRole('listitem').count()).toBe(10);
      expect(await dialog.getByRole('listitem').first().textContent()).toMatch(/^made 1 kf_/);
      await dialog.getByRole('link', { name: 'Show all in this organisation' }).click();
      await dialog.waitFor({ state: 'hidden' });
      const made = page.getByRole('row').getByRole('link', { name: /^made/ });
      await eventually(async () => (await made.count()) === 12);
      const filter = page.getByRole('button', { name: 'Created by “the maker” · Show all' });
      await page.reload();
      await filter.click();
      await filter.waitFor({ state: 'hidden' });
      await page.getByRole('link', { name: 'manager key' }).waitFor();
    });
  });

  it('a person who may not create keys sees whom to ask, by name', async () => {
    const closed = await createOrganisation(service);
    await closed.manager.patch(closed.path('/policy'), { memberKeys: 'none' });
    await seated(closed.member.email, async (page) => {
      await page.getByText('Only managers create keys. Ask one: A manager.').waitFor();
      expect(await page.getByRole('button', { name: 'Create API key' }).count()).toBe(0);
    });
  });

  it('a key is created and revoked with the keyboard alone', async () => {
    const person = await addPerson(service, org.id, 'member');
    await service.db.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [person.keyId]);
    await seated(person.email, async (page) => {
      const { keyboard } = page;
      /** Goes on with Tab until what has the focus is named like this. */
      const tabTo = async (name: RegExp) => {
        for (let presses = 0; presses < 60; presses += 1) {
          const focused = await page.evaluate<string>(nameOfFocus);
          if (name.test(focused)) return;
          await keyboard.press('Tab');
        }
        throw new Error(`nothing with the focus is called ${name.source}`);
      };
      await tabTo(/^Create API key$/);
      await keyboard.press('Enter');
      await tabTo(/^Name/);
      await keyboard.type('by hand');
      await keyboard.press('Enter');
      await page.getByText('It is shown only once.').waitFor();
      await tabTo(/^I have stored it$/);
      await keyboard.press('Space');
      await tabTo(/^Close$/);
      await keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await tabTo(/^Revoke by hand$/);
      await keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await tabTo(/^Revoke$/);
      await keyboard.press('Enter');
      await page.getByText('No active keys').waitFor();
    });
  });

  it('has no accessibility violations', async () => {
    const found = await lookEverywhere(browser, service, org.manager.email, async (page, look) => {
      await visit(page, 'API Keys');
      await page.getByRole('link', { name: 'manager key' }).waitFor();
      await look();
      await page.getByRole('button', { name: 'Create API key' }).click();
      await page.getByRole('button', { name: 'Advanced' }).click();
      await look();
      await page.keyboard.press('Escape');
      await create(page, 'looked at');
      await look();
      await page.getByLabel('I have stored it').check();
      await page.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('button', { name: 'Revoke manager key' }).click();
      await look();
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'manager key' }).click();
      await page.getByRole('heading', { name: 'Requests per day' }).waitFor();
      await look();
      await page.getByRole('button', { name: 'Restrict' }).click();
      await look();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Edit description and tags' }).click();
      await look();
    });
    expect(found).toEqual([]);
  });
});
