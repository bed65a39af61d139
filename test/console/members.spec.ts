import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { JobQueue } from '../../src/jobs/job-queue.js';
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
} from '../support/organisation.js';
import { holdRemovals, memberWithKeys, revocationsOf, unrevokedRows } from '../support/removals.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

describeUnless(noBrowser, 'Settings → Users & Permissions', () => {
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

  const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

  it('a person is added by their address, and can sign in at once', async () => {
    const email = 'ida@example.com';
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Users & Permissions');
      await page.getByRole('button', { name: 'Add member' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('E-mail address').fill(email);
      await dialog.getByLabel('Name').fill('Ida Lund');
      await dialog.getByLabel('All data permissions').uncheck({ force: true });
      await dialog.getByLabel('telemetry:read').check();
      await dialog.getByRole('button', { name: 'Add member' }).click();
      await dialog.getByText('Ask your operator').waitFor();
      await dialog.getByRole('button', { name: 'Close' }).click();
      expect(await rowOf(page, email).textContent()).toMatch(/Ida Lund.*Member.*telemetry:read/);
    });
    await seated(browser, service, email, async (page) => {
      await page.getByText(`The ${org.slug}`).first().waitFor();
    });
  });

  it('a service account is added, and gets a key that belongs to it', async () => {
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Users & Permissions');
      await page.getByRole('button', { name: 'Add member' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Service account').click();
      await dialog.getByLabel('Name').fill('Forecast pipeline');
      await dialog.getByRole('button', { name: 'Add member' }).click();
      await rowOf(page, 'Forecast pipeline').waitFor();

      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('menuitem', { name: 'API Keys' }).click();
      await page.getByRole('button', { name: 'Create API key' }).click();
      await dialog.getByLabel('Name').fill('of the pipeline');
      await choose(dialog, 'Owner', 'Forecast pipeline');
      await dialog.getByRole('button', { name: 'Create key' }).click();
      await dialog.getByLabel('I have stored it').check();
      await dialog.getByRole('button', { name: 'Close' }).click();
      expect(await rowOf(page, 'of the pipeline').textContent()).toContain('Forecast pipeline');
    });
  });

  it('a role and permissions are changed, and keys follow at once', async () => {
    const person = await addPerson(service, org.id, 'member');
    const { secret } = await createKey(person, org);
    const permissions = async () =>
      (await service.as(secret).get('/v1/whoami')).body.permissions as string[];
    expect(await permissions()).toContain('telemetry:read');
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Users & Permissions');
      const row = rowOf(page, person.email);
      await row.getByRole('button', { name: 'Change' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Manager').check();
      await dialog.getByLabel('All data permissions').uncheck({ force: true });
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      expect(await row.textContent()).toMatch(/Manager.*None/);
    });
    expect(await permissions()).not.toContain('telemetry:read');
  });

  it('the person who removes a member sees which keys stop working, and they do', async () => {
    const person = await addPerson(service, org.id, 'member');
    const { secret } = await createKey(person, org, { name: 'nightly export' });
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Users & Permissions');
      await rowOf(page, person.email).getByRole('button', { name: 'Remove' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('These 2 keys stop working at once and permanently:').waitFor();
      const items = await dialog.getByRole('listitem').allTextContents();
      expect(items.map((item) => item.split(' kf_')[0])).toEqual(['member key', 'nightly export']);
      expect((await service.as(secret).get('/v1/whoami')).status).toBe(200);
      await dialog.getByRole('button', { name: 'Remove' }).click();
      await dialog.waitFor({ state: 'hidden' });
      expect(await rowOf(page, person.email).count()).toBe(0);
    });
    expect((await service.as(secret).get('/v1/whoami')).status).toBe(401);
  });

  it('the person who removes a member with many keys sees how many, and why they cannot come back yet', async () => {
    await using held = await holdRemovals(service.db);
    const person = await memberWithKeys(service, org, 1_234);
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Users & Permissions');
      await rowOf(page, person.email).getByRole('button', { name: 'Remove' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('These 1,234 keys stop working at once and permanently:').waitFor();
      const items = await dialog.getByRole('listitem').allTextContents();
      expect(items).toHaveLength(101);
      expect(items.at(-1)).toBe('and 1,134 more');
      await dialog.getByRole('button', { name: 'Remove' }).click();
      await dialog.waitFor({ state: 'hidden' });
      expect((await service.as(person.key).get('/v1/whoami')).status).toBe(401);

      await page.getByRole('button', { name: 'Add member' }).click();
      await dialog.getByLabel('E-mail address').fill(person.email);
      await dialog.getByLabel('Name').fill('Back again');
      await dialog.getByRole('button', { name: 'Add member' }).click();
      expect(await dialog.getByRole('alert').textContent()).toMatch(
        /Keys that this person had here are still being revoked\. Try again later\./,
      );
      expect(await rowOf(page, person.email).count()).toBe(0);
    });
    await held.rollback();
  });

  it('the person who revokes all keys of a member sees which, how many are left, and the end', async () => {
    const person = await memberWithKeys(service, org, 120);
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Users & Permissions');
      const row = rowOf(page, person.email);
      const dialog = page.getByRole('dialog');
      {
        await using held = await holdRemovals(service.db);
        await row.getByRole('button', { name: 'Revoke keys' }).click();
        await dialog.getByText('These 120 keys stop working permanently:').waitFor();
        await dialog.locator('button:focus', { hasText: 'Cancel' }).waitFor();
        expect(await unrevokedRows(service.db, person.userId)).toBe(120);
        await dialog.getByLabel('Reason').fill('laptop stolen');
        await dialog.getByRole('button', { name: 'Revoke all keys' }).click();
        await dialog.getByText('Revoking: 70 left').waitFor();
        await held.rollback();
      }
      await service.app.get(JobQueue).add('removal', 'once-more', { v: 1 });
      await page.getByText('are revoked').waitFor({ timeout: 90_000 });
      await dialog.waitFor({ state: 'hidden' });
      await row.waitFor();
    });
    expect(await unrevokedRows(service.db, person.userId)).toBe(0);
    expect((await service.as(person.key).get('/v1/whoami')).status).toBe(401);
    const [found] = await revocationsOf(service.db, person.userId);
    const byUserId = org.manager.userId;
    expect(found).toMatchObject({ reason: 'laptop stolen', byUserId, byKeyId: null, events: 1 });
  });

  it('the work goes on where the dialog is closed, and its end is still said', async () => {
    const person = await memberWithKeys(service, org, 90);
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Users & Permissions');
      const dialog = page.getByRole('dialog');
      {
        await using held = await holdRemovals(service.db);
        const row = rowOf(page, person.email);
        await row.getByRole('button', { name: 'Revoke keys' }).click();
        await dialog.getByText('These 90 keys stop working permanently:').waitFor();
        await dialog.getByRole('button', { name: 'Revoke all keys' }).click();
        await dialog.getByText('Revoking: 40 left').waitFor();
        await dialog.getByRole('button', { name: 'Close' }).last().click();
        await dialog.waitFor({ state: 'hidden' });
        await page.getByRole('button', { name: 'Add member' }).click();
        await held.rollback();
      }
      await service.app.get(JobQueue).add('removal', 'once-again', { v: 1 });
      await page.getByText('are revoked').waitFor({ timeout: 90_000 });
      // Another dialog that was opened since stays.
      expect(await dialog.getByLabel('E-mail address').count()).toBe(1);
    });
    expect(await unrevokedRows(service.db, person.userId)).toBe(0);
  });

  it('what the service refuses is said, and changes nothing', async () => {
    const alone = await createOrganisation(service);
    await seated(browser, service, alone.manager.email, async (page) => {
      await visit(page, 'Users & Permissions');
      await rowOf(page, alone.manager.email).getByRole('button', { name: 'Remove' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Remove' }).click();
      expect(await dialog.getByRole('alert').textContent()).toMatch(/manager/);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await rowOf(page, alone.manager.email).waitFor();
    });
  });

  it('members see that it is for managers, and who those are', async () => {
    await seated(browser, service, org.member.email, async (page) => {
      await page.goto(`/${org.id}/configuration/members`);
      await page.getByText(/Only managers can see its members\. Ask one: A manager/).waitFor();
    });
  });

  it('has no accessibility violations', async () => {
    const found = await lookEverywhere(browser, service, org.manager.email, async (page, look) => {
      await visit(page, 'Users & Permissions');
      await rowOf(page, org.member.email).waitFor();
      await look();
      await page.getByRole('button', { name: 'Add member' }).click();
      await look();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Change A manager' }).first().click();
      await page.getByLabel('All data permissions').waitFor({ state: 'attached' });
      await look();
      await page.keyboard.press('Escape');
      await rowOf(page, org.member.email).getByRole('button', { name: 'Remove' }).click();
      await page.getByText('This key stops working').waitFor();
      await look();
    });
    expect(found).toEqual([]);
  });
});
