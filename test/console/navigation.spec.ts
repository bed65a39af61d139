import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { lookEverywhere, noBrowser, openBrowser, seated, visit } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { addPerson, createOrganisation, type Organisation } from '../support/organisation.js';
import { operatorOrgId } from '../support/persons.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

describeUnless(noBrowser, "finding one's way in the console", () => {
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

  const sidebar = (page: Page) => page.getByRole('navigation', { name: 'Pages' });
  const current = (page: Page) => sidebar(page).locator('[aria-current=page]').allTextContents();
  const path = (name: string) => `/${org.id}/configuration/${name}`;

  it('the sidebar has links to all pages of a manager, and marks the current one', async () => {
    await seated(browser, service, org.manager.email, async (page) => {
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      const links = sidebar(page).getByRole('link');
      const targets = await links.evaluateAll((all) =>
        all.map((each) => (each as unknown as { pathname: string }).pathname),
      );
      const pages = ['overview', 'api-keys', 'members', 'webhooks', 'audit', 'organisation'];
      expect(targets).toEqual([...pages.map(path), '/docs']);
      expect(await current(page)).toEqual([' Overview']);
      await sidebar(page).getByRole('link', { name: 'API Keys' }).click();
      await page.getByRole('link', { name: 'manager key' }).click();
      await page.getByRole('heading', { name: 'manager key' }).waitFor();
      expect(await current(page)).toEqual([' API Keys']);
      const crumbs = page.getByRole('navigation', { name: 'Breadcrumbs' });
      await crumbs.getByRole('link', { name: 'API Keys' }).click();
      await page.getByRole('heading', { name: 'API Keys' }).waitFor();
    });
  });

  it('a page opens in another tab from the sidebar and from the Settings menu', async () => {
    await seated(browser, service, org.manager.email, async (page) => {
      const opened = async (click: () => Promise<void>) => {
        const [other] = await Promise.all([page.context().waitForEvent('page'), click()]);
        await other.getByRole('heading', { name: 'Webhooks' }).waitFor();
        await other.close();
      };
      const button = 'middle' as const;
      await opened(() => sidebar(page).getByRole('link', { name: 'Webhooks' }).click({ button }));
      await page.getByRole('button', { name: 'Settings' }).click();
      await opened(() => page.getByRole('menuitem', { name: 'Webhooks' }).click({ button }));
    });
  });

  it('members begin with their keys, and see only what they may open', async () => {
    await seated(browser, service, org.member.email, async (page) => {
      await page.getByRole('heading', { name: 'API Keys' }).waitFor();
      const mayOpen = ['Overview', 'API Keys', 'Organisation'];
      const links = (await sidebar(page).getByRole('link').allTextContents()).map((text) =>
        text.trim(),
      );
      expect(links).toEqual([...mayOpen, 'API reference']);
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('menuitem').first().waitFor();
      expect(await page.getByRole('menuitem').allTextContents()).toEqual(mayOpen);
    });
  });

  it('the pages are behind a button where there is no room for them', async () => {
    const viewport = { width: 390, height: 800 };
    await seated(
      browser,
      service,
      org.manager.email,
      async (page) => {
        expect(await sidebar(page).isVisible()).toBe(false);
        await page.getByRole('button', { name: 'Open the menu' }).click();
        const menu = page.getByRole('dialog', { name: 'Menu' });
        await menu.getByRole('link', { name: 'Audit log' }).click();
        await page.getByRole('heading', { name: 'Audit log' }).waitFor();
        await menu.waitFor({ state: 'hidden' });
      },
      { viewport },
    );
  });

  it('a person of several organisations changes between them', async () => {
    const other = await createOrganisation(service);
    const role = { role: 'member', grants: null };
    await service.operator.put(other.path(`/members/${org.manager.userId}`), role);
    await seated(browser, service, org.manager.email, async (page) => {
      await page.getByRole('button', { name: `Organisation: The ${org.slug}` }).click();
      await page.getByRole('menuitem', { name: `The ${other.slug}` }).click();
      await page.getByText(`Your keys in The ${other.slug}.`).waitFor();
    });
  });

  it('operators begin with all organisations, and with what is left to do', async () => {
    const operatorOrg = await operatorOrgId(service);
    const operator = await addPerson(service, operatorOrg, 'manager');
    await seated(browser, service, operator.email, async (page) => {
      await page.getByRole('heading', { name: 'All organisations' }).waitFor();
      await page.getByRole('heading', { name: 'Getting started: 3 of 5 done' }).waitFor();
      await page.getByRole('link', { name: 'Create a service key' }).click();
      const dialog = page.getByRole('dialog', { name: 'Create an API key' });
      await dialog.getByLabel('Name').fill('the service');
      await dialog.getByRole('button', { name: 'Advanced' }).click();
      await dialog.getByLabel('verify:read').check();
      await dialog.getByRole('button', { name: 'Create key' }).click();
      const secret = await page.getByText(/^kf_\w{42}$/).textContent();
      await page.getByLabel('I have stored it').check();
      await page.getByRole('button', { name: 'Close' }).click();
      await visit(page, 'All organisations');
      await page.getByRole('heading', { name: 'Getting started: 4 of 5 done' }).waitFor();
      await service.as(secret ?? '').post('/v1/verify', { key: org.manager.key });
      // A use is stored some ten seconds later.
      await eventually(async () => {
        await page.reload();
        await page.getByRole('row').first().waitFor();
        await page.waitForLoadState('networkidle');
        return (await page.getByText('Getting started').count()) === 0;
      }, 40_000);
    });
  });

  it('has no accessibility violations', async () => {
    const found = await lookEverywhere(browser, service, org.manager.email, async (page, look) => {
      await page.getByRole('heading', { name: 'Recent activity' }).waitFor();
      await page.getByText('A manager').first().waitFor();
      await look();
      await page.getByRole('button', { name: 'Settings' }).click();
      await look();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /signed in as/ }).click();
      await look();
      await page.keyboard.press('Escape');
      const menu = page.getByRole('button', { name: 'Open the menu' });
      if (!(await menu.isVisible())) return;
      await menu.click();
      await look();
    });
    expect(found).toEqual([]);
  });
});
