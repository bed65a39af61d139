import { EventEmitter, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import {
  choose,
  lookEverywhere,
  noBrowser,
  openBrowser,
  seated,
  visit,
} from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

describeUnless(noBrowser, 'Settings → Audit log', () => {
  let service: Service;
  let org: Organisation;
  let browser: Browser;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    for (let n = 0; n < 55; n += 1) await createKey(org.member, org, { name: `key ${n}` });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });

  // Without the titles.
  const countOf = async (page: Page) => (await page.getByRole('row').count()) - 1;

  it('says who did what, and shows what was changed', async () => {
    const { id } = await createKey(org.manager, org, { name: 'watched' });
    await org.manager.delete(org.path(`/keys/${id}?reason=leaked`));
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Audit log');
      const row = page.getByRole('row').filter({ hasText: 'A manager revoked watched: leaked' });
      // Names come after the events.
      await row.filter({ hasText: /127\.0\.0\.1.*with a key/ }).waitFor();
      await row.getByRole('button', { name: 'Details' }).click();
      await page
        .getByRole('row')
        .filter({ hasText: /Reasonleaked.*Target.*Request/ })
        .waitFor();
      await row.getByRole('link').click();
      await page.getByRole('heading', { name: 'watched' }).waitFor();
    });
  });

  it('a filter is in the URL, the back button undoes it, and pages go on', async () => {
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Audit log');
      await page.getByLabel('What').selectOption('Key created');
      await page.waitForURL(/action=key\.created/);
      await eventually(async () => (await countOf(page)) === 50);
      await choose(page, 'Who', 'A member');
      await page.waitForURL(/actor=usr_/);
      await page.getByRole('button', { name: 'Next page' }).click();
      await eventually(async () => (await countOf(page)) === 5);
      await page.reload();
      await eventually(async () => (await countOf(page)) === 5);
      await page.goBack();
      await eventually(async () => (await countOf(page)) === 50);
      const today = new Date().toISOString().slice(0, 10);
      await page.getByLabel('Up to (UTC)').fill(today);
      await page.waitForURL(new RegExp(`to=.*${today}`));
      await eventually(async () => (await countOf(page)) === 50);
      await page.getByLabel('Up to (UTC)').fill('2020-01-01');
      await page.getByText('No events match').waitFor();
    });
  });

  it('leads to no further page of what is on its way out', async () => {
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Audit log');
      const next = page.getByRole('button', { name: 'Next page' });
      await eventually(() => next.isEnabled());
      const release = new EventEmitter();
      await page.route(/actor=usr_/, async (route) => {
        await once(release, 'now');
        await route.continue();
      });
      await choose(page, 'Who', 'A member');
      await page.waitForURL(/actor=usr_/);
      expect(await next.isDisabled()).toBe(true);
      release.emit('now');
      await eventually(() => next.isEnabled());
    });
  });

  it('what a filter shows can be downloaded as a file', async () => {
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Audit log');
      await page.getByLabel('What').selectOption('Member added');
      await page.waitForURL(/action=member\.added/);
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Export' }).click();
      const file = await download;
      expect(file.suggestedFilename()).toMatch(/\.jsonl$/);
      const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\n');
      const actions = lines.map((line) => (JSON.parse(line) as { action: string }).action);
      expect(actions).toEqual(['member.added', 'member.added']);
    });
  });

  it('members see that it is for managers, and who those are', async () => {
    await seated(browser, service, org.member.email, async (page) => {
      await page.goto(`/${org.id}/configuration/audit`);
      await page.getByText(/Only managers can see its audit events\. Ask one: A manager/).waitFor();
    });
  });

  it('has no accessibility violations', async () => {
    const found = await lookEverywhere(browser, service, org.manager.email, async (page, look) => {
      await visit(page, 'Audit log');
      await page.getByRole('button', { name: 'Details' }).first().click();
      await look();
    });
    expect(found).toEqual([]);
  });
});
