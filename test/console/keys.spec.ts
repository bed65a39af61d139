import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import type { Browser, Page } from 'playwright-core';
import { lookEverywhere, noBrowser, openBrowser, seated as seatedAt } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
} from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';

const secretForm = /kf_[0-9A-Za-z]{42}/;

// For the page, whose types are not those of this code.
const nameOfFocus = `(({ ariaLabel, labels, textContent }) =>
  ariaLabel ?? labels?.[0]?.textContent ?? textContent)(document.activeElement)`;

describe('Settings → API Keys', { skip: noBrowser }, () => {
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

  const seated = (email: string, work: (page: Page) => Promise<void>) =>
    seatedAt(browser, service, email, work);

  const whoami = async (key: string) => (await service.as(key).get('/v1/whoami')).status;

  /** Creates a key as people do. */
  async function create(page: Page, name: string): Promise<string> {
    await page.getByRole('button', { name: 'Create API key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await dialog.getByText('It is shown this once.').waitFor();
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

      await row.getByText('Revoked').waitFor();
      await page.getByRole('link', { name: 'Claude Desktop' }).click();
      await page.getByText('laptop lost', { exact: true }).waitFor();
      const trail = page.getByRole('region', { name: 'What happened to it' });
      await trail.getByRole('cell', { name: 'Key revoked' }).waitFor();
      const who = trail.getByRole('cell', { name: 'A manager, in the console' });
      // Names come after the events.
      await eventually(async () => (await who.count()) === 2);
    });
  });

  it('trying again while the first try still runs makes no second key', async () => {
    await seated(org.member.email, async (page) => {
      const attempts: (string | undefined)[] = [];
      await page.route('**/keys', async (route, request) => {
        if (request.method() !== 'POST') return route.fallback();
        attempts.push(request.headers()['idempotency-key']);
        if (attempts.length > 1) return route.fallback();
        // It arrives, and another node answers meanwhile.
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

  it('a key is narrowed, and holds less at once', async () => {
    const { secret } = await createKey(org.member, org, { name: 'wide', scope: 'read-write' });
    const held = async () =>
      (await service.as(secret).get('/v1/whoami')).body.permissions as string[];
    expect(await held()).toContain('telemetry:write');
    await seated(org.member.email, async (page) => {
      await page.getByRole('link', { name: 'wide' }).click();
      await page.getByRole('button', { name: 'Narrow' }).click();
      const dialog = page.getByRole('dialog');
      expect(await dialog.getByRole('button', { name: 'Narrow' }).isDisabled()).toBe(true);
      expect(await dialog.getByLabel(/^Admin/).count()).toBe(0);
      await dialog.getByLabel(/^Read$/).check();
      expect(await dialog.getByLabel('telemetry:write').count()).toBe(0);
      for (const each of ['keys:read', 'org:read']) await dialog.getByLabel(each).uncheck();
      await dialog.getByLabel('Only from these addresses').fill('127.0.0.1/8 nonsense');
      await dialog.getByRole('button', { name: 'Narrow' }).click();
      await dialog.getByRole('alert').waitFor();
      await dialog.getByLabel('Only from these addresses').fill('127.0.0.1');
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
      await dialog.getByLabel('Last day').fill(tomorrow);
      await dialog.getByRole('button', { name: 'Narrow' }).click();
      await dialog.waitFor({ state: 'hidden' });
      const facts = await page.getByRole('region', { name: 'Facts' }).textContent();
      expect(facts).toMatch(/Only these permissionstelemetry:readOnly from127\.0\.0\.1\/32Owner/);
    });
    expect(await held()).toEqual(['telemetry:read']);
  });

  it('a secret is nowhere once its dialog is closed', async () => {
    await seated(org.member.email, async (page) => {
      const secret = await create(page, 'nowhere');
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('I have stored it').check();
      await dialog.getByRole('button', { name: 'Close' }).click();
      await dialog.waitFor({ state: 'hidden' });
      const found = await page.evaluate<string>(
        `[document.documentElement.outerHTML, location.href,
          JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state])].join()`,
      );
      expect(found).not.toContain(secret);
      expect(service.log.join('\n')).not.toContain(secret);
    });
  });

  it('a key is checked without being kept', async () => {
    const { secret } = await createKey(org.member, org, { name: 'checked' });
    await seated(org.manager.email, async (page) => {
      const check = page.getByRole('region', { name: 'Check a key' });
      const ask = async (key: string) => {
        await check.getByLabel('API key').fill(key);
        await check.getByRole('button', { name: 'Check' }).click();
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

  it('a search, a filter and an order stand in the URL, and the back button undoes them', async () => {
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
      await page.getByText('No key is like that').waitFor();
    });
  });

  it('whoever may not make keys is told whom to ask, by name', async () => {
    const closed = await createOrganisation(service);
    await closed.manager.patch(closed.path('/policy'), { memberKeys: 'none' });
    await seated(closed.member.email, async (page) => {
      await page.getByText('New keys are made by managers: A manager.').waitFor();
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
      await page.getByText('It is shown this once.').waitFor();
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
      const row = page.getByRole('row').filter({ hasText: 'by hand' });
      await row.getByText('Revoked').waitFor();
    });
  });

  it('nothing stands in the way of anybody', async () => {
    const found = await lookEverywhere(browser, service, org.manager.email, async (page, look) => {
      await page.getByRole('link', { name: 'manager key' }).waitFor();
      await look();
      await page.getByRole('button', { name: 'Create API key' }).click();
      await page.getByRole('button', { name: 'Narrow it further' }).click();
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
      await page.getByRole('heading', { name: 'Uses per day' }).waitFor();
      await look();
      await page.getByRole('button', { name: 'Narrow' }).click();
      await look();
    });
    expect(found).toEqual([]);
  });
});
