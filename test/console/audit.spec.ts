import { EventEmitter, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import type { Browser, Page } from 'playwright-core';
import { lookEverywhere, noBrowser, openBrowser, seated, visit } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';

describe('Settings → Audit log', { skip: noBrowser }, () => {
  let service: Service;
  let org: Organisation;
  let browser: Browser;

  before(async () => {
    service = await startService();
    org = await createOrganisation(service);
    for (let n = 0; n < 55; n += 1) await createKey(org.member, org, { name: `key ${n}` });
    browser = await openBrowser();
  });
  after(async () => {
    await browser.close();
    await service.stop();
  });

  // Without the titles.
  const countOf = async (page: Page) => (await page.getByRole('row').count()) - 1;

  it('tells who did what, and shows what was changed', async () => {
    const { id } = await createKey(org.manager, org, { name: 'watched' });
    await org.manager.delete(org.path(`/keys/${id}?reason=leaked`));
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Audit log');
      const row = page.getByRole('row').filter({ hasText: 'Key revoked' });
      // Names come after the events.
      await row.filter({ hasText: /A manager, with a key.*127\.0\.0\.1/ }).waitFor();
      await row.getByText('Show').click();
      expect(await row.getByText('"leaked"').isVisible()).toBe(true);
      await row.getByRole('link').click();
      await page.getByRole('heading', { name: 'watched' }).waitFor();
    });
  });

  it('a filter stands in the URL, the back button undoes it, and pages go on', async () => {
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Audit log');
      await page.getByLabel('What').selectOption('Key created');
      await page.waitForURL(/action=key\.created/);
      await eventually(async () => (await countOf(page)) === 50);
      await page.getByLabel('Who').selectOption('A member');
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
      await page.getByText('Nothing like that has happened.').waitFor();
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
      await page.getByLabel('Who').selectOption('A member');
      await page.waitForURL(/actor=usr_/);
      expect(await next.isDisabled()).toBe(true);
      release.emit('now');
      await eventually(() => next.isEnabled());
    });
  });

  it('what is narrowed down can be taken along as a file', async () => {
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

  it('members are told that it is for managers, and who those are', async () => {
    await seated(browser, service, org.member.email, async (page) => {
      await visit(page, 'Audit log');
      await page.getByText(/its audit events are for managers\. Ask one: A manager/).waitFor();
    });
  });

  it('nothing stands in the way of anybody', async () => {
    const found = await lookEverywhere(browser, service, org.manager.email, async (page, look) => {
      await visit(page, 'Audit log');
      await page.getByText('Show').first().click();
      await look();
    });
    expect(found).toEqual([]);
  });
});
