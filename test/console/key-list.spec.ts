import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { choose, lookEverywhere, noBrowser, openBrowser, seated } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { insertManyKeys } from '../support/many-keys.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

describeUnless(noBrowser, 'the list of keys', () => {
  let service: Service;
  let org: Organisation;
  let browser: Browser;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    browser = await openBrowser();
    await createKey(org.manager, org, { name: 'Grafana', tags: ['hall-3'] });
    const old = await createKey(org.member, org, { name: 'Old export' });
    await createKey(org.member, org, { name: 'Notebook', scope: 'read-write' });
    await createKey(org.member, org, { name: 'About to end', expiresInDays: 5 });
    await service.db.query(
      `UPDATE api_keys SET created_at = created_at - interval '100 days' WHERE id = $1`,
      [old.id],
    );
    const gone = await createKey(org.manager, org, { name: 'Switched off' });
    await org.manager.delete(org.path(`/keys/${gone.id}`));
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });

  const sit = (work: (page: Page) => Promise<void>, of = org) =>
    seated(browser, service, of.manager.email, async (page) => {
      await page.goto(`/${of.id}/configuration/api-keys`);
      await page.getByRole('table', { name: 'API keys' }).waitFor();
      await work(page);
    });

  const names = (page: Page) => page.getByRole('row').getByRole('link').allTextContents();
  const lists = (page: Page, expected: string[]) =>
    eventually(async () => (await names(page)).join() === expected.join());

  it('opens on active keys, says how many there are, and shows the others when asked', async () => {
    await sit(async (page) => {
      await page.getByText('6 keys', { exact: true }).waitFor();
      expect(await names(page)).not.toContain('Switched off');
      await page.getByLabel('State').selectOption('All');
      await page.getByText('7 keys', { exact: true }).waitFor();
      await page.getByLabel('State').selectOption('Revoked');
      await page.getByText('1 key', { exact: true }).waitFor();
      await lists(page, ['Switched off']);
    });
  });

  it('searches parts of names, masks and ids', async () => {
    const { id, body, secret } = await createKey(org.member, org, { name: 'searched for' });
    await org.member.delete(org.path(`/keys/${id}`));
    await sit(async (page) => {
      await page.getByLabel('State').selectOption('All');
      for (const part of ['ARCHED', id, String(body.masked), secret.slice(-4)]) {
        await page.getByLabel('Search').fill(part);
        await lists(page, ['searched for']);
        await page.getByLabel('Search').fill('no such key');
        await page.getByText('No keys match').waitFor();
      }
    });
  });

  it('filters by owner, scope, tag, age, expiry and use, all of them in the URL', async () => {
    await sit(async (page) => {
      await page.getByRole('button', { name: 'More filters' }).click();
      const only = async (label: string, option: string, expected: string[]) => {
        await page.getByLabel(label, { exact: true }).selectOption(option);
        await lists(page, expected);
        await page.reload();
        await lists(page, expected);
        await page.getByLabel(label, { exact: true }).selectOption('Any');
        await page.getByText('6 keys', { exact: true }).waitFor();
      };
      await only('Scope', 'Read-Write', ['Notebook']);
      await only('Age', 'More than 90 days', ['Old export']);
      await only('Expiring', 'Within 7 days', ['About to end']);
      await only('Unused', 'For 90 days', ['Old export']);
      await page.getByLabel('Tag').fill('HALL-3');
      await lists(page, ['Grafana']);
      await page.getByLabel('Tag').fill('');
      await choose(page, 'Owner', 'A manager');
      await page.waitForURL(/owner=usr_/);
      await lists(page, ['Grafana', 'manager key']);
      await page.reload();
      await lists(page, ['Grafana', 'manager key']);
      await page.getByRole('button', { name: 'More filters (1)' }).waitFor();
      expect(await page.getByLabel('Owner', { exact: true }).inputValue()).toBe('A manager');
    });
  });

  it('puts the keys first that were used last', async () => {
    const { id } = await createKey(org.member, org, { name: 'used' });
    await service.db.query(
      'INSERT INTO key_usage (key_id, uses, last_used_at) VALUES ($1, 1, now())',
      [id],
    );
    await sit(async (page) => {
      await page.getByLabel('Order').selectOption('Last used first');
      await page.waitForURL(/sort=lastUsed/);
      await eventually(async () => (await names(page))[0] === 'used');
      await page.getByLabel('Order').selectOption('Unused for longest first');
      await eventually(async () => (await names(page)).at(-1) === 'used');
    });
    await org.member.delete(org.path(`/keys/${id}`));
  });

  it('is exported with its filters', async () => {
    await sit(async (page) => {
      await page.getByLabel('Search').fill('note');
      await lists(page, ['Notebook']);
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Export CSV' }).click();
      const file = await download;
      expect(file.suggestedFilename()).toBe('keys.csv');
      const [, ...rows] = (await readFile(await file.path(), 'utf8')).trimEnd().split(/\r?\n/);
      expect(rows).toHaveLength(1);
      expect(rows[0]).toContain('Notebook');
    });
  });

  it('revokes chosen keys of several pages in one call, and says what came of each', async () => {
    const own = await createOrganisation(service);
    const { userId: ownerId } = own.member;
    const ids = await insertManyKeys(service.db, { orgId: own.id, ownerId, count: 30 });
    await sit(async (page) => {
      await page.getByText('32 keys', { exact: true }).waitFor();
      await page.getByLabel('Select this page').check();
      await page.getByRole('button', { name: 'Next page' }).click();
      await page.getByLabel('Select made 1', { exact: true }).check();
      await page.getByRole('button', { name: 'First page' }).click();
      await page.getByLabel('Select manager key').uncheck();
      await page.getByLabel('Select member key').uncheck();
      const calls: string[] = [];
      page.on('request', (request) => {
        if (request.method() === 'POST') calls.push(new URL(request.url()).pathname);
      });
      await page.getByRole('button', { name: 'Revoke 24 keys…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Revoke 24 keys?' });
      await dialog.getByText('and 14 more').waitFor();
      // Somebody else is faster with one of them.
      await own.manager.delete(own.path(`/keys/${ids[0]}`));
      await dialog.getByLabel('Reason').fill('supplier changed');
      await dialog.getByRole('button', { name: 'Revoke 24 keys' }).click();
      const result = page.getByRole('dialog', { name: '23 keys are revoked' });
      await result.getByText('Revoked by somebody else before:').waitFor();
      expect(await result.getByRole('listitem').allTextContents()).toEqual([
        expect.stringMatching(/^made 1 kf_/),
      ]);
      await page.keyboard.press('Escape');
      expect(calls).toEqual([own.path('/keys/revoke')]);
      await page.getByText('8 keys', { exact: true }).waitFor();
      expect(await page.getByRole('button', { name: /^Revoke \d/ }).count()).toBe(0);
    }, own);
    const { rows } = await service.db.query(
      `SELECT FROM api_keys WHERE org_id = $1 AND revoke_reason = 'supplier changed'`,
      [own.id],
    );
    expect(rows).toHaveLength(23);
  });

  it('asks for the number of keys when some are in use, and forgets what another list chose', async () => {
    const own = await createOrganisation(service);
    const { id } = await createKey(own.member, own, { name: 'in use' });
    await createKey(own.member, own, { name: 'at rest' });
    await service.db.query(
      'INSERT INTO key_usage (key_id, uses, last_used_at) VALUES ($1, 1, now())',
      [id],
    );
    await sit(async (page) => {
      await page.getByLabel('Select at rest').check();
      await page.getByLabel('Search').fill('in use');
      await lists(page, ['in use']);
      expect(await page.getByRole('button', { name: /^Revoke \d/ }).count()).toBe(0);
      await page.getByLabel('Select in use').focus();
      await page.keyboard.press('Space');
      await page.getByRole('button', { name: 'Revoke 1 key…' }).press('Enter');
      const dialog = page.getByRole('dialog');
      const button = dialog.getByRole('button', { name: 'Revoke 1 key' });
      expect(await button.isDisabled()).toBe(true);
      await page.keyboard.type('1');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: '1 key is revoked' }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByText('No keys match').waitFor();
    }, own);
  });

  it('has no accessibility violations', async () => {
    const found = await lookEverywhere(browser, service, org.manager.email, async (page, look) => {
      await page.goto(`/${org.id}/configuration/api-keys?tag=hall-3`);
      await page.getByLabel('Select Grafana').check();
      await look();
      await page.getByLabel('Owner', { exact: true }).click();
      await page.getByRole('listbox').getByRole('option').nth(1).waitFor();
      await look();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Revoke 1 key…' }).click();
      await look();
      await page.goto(`/${org.id}/configuration/members`);
      await page.getByText('2 members', { exact: true }).waitFor();
      await look();
    });
    expect(found).toEqual([]);
  });
});
