import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { noBrowser, openBrowser, seated, visit } from '../support/browser.js';
import {
  addPerson,
  createKey,
  createOrganisation,
  type Organisation,
  type Person,
} from '../support/organisation.js';
import { operatorOrgId } from '../support/persons.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

describeUnless(noBrowser, 'The account of a member', () => {
  let service: Service;
  let org: Organisation;
  let operator: Person;
  let browser: Browser;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    operator = await addPerson(service, await operatorOrgId(service), 'manager');
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });

  it('the operator who deactivates it sees which keys stop working in all organisations, and they do', async () => {
    const other = await createOrganisation(service);
    const { userId, email } = org.member;
    await service.operator.put(other.path(`/members/${userId}`), { role: 'member', grants: null });
    const made = { name: 'elsewhere', ownerId: userId };
    const { id, secret } = await createKey(other.manager, other, made);
    await service.db.query(
      `INSERT INTO key_usage (key_id, uses, last_used_at, last_ip)
       VALUES ($1, 3, now() - interval '2 hours', '192.0.2.7')`,
      [id],
    );
    const check = async () => (await service.as(secret).get('/v1/whoami')).status;
    await seated(browser, service, operator.email, async (page) => {
      await page.goto(`/${org.id}/configuration/members`);
      const row = page.getByRole('row').filter({ hasText: email });
      await row.getByRole('button', { name: 'Account' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('These 2 keys stop working at once:').waitFor();
      const items = (await dialog.getByRole('listitem').allTextContents()).join('\n');
      expect(items).toMatch(/^member key kf_.+ in The org-/m);
      expect(items).toMatch(
        new RegExp(`^elsewhere kf_.+ in The ${other.slug}, last used .+192`, 'm'),
      );
      expect(await check()).toBe(200);
      await dialog.getByRole('button', { name: 'Deactivate' }).click();
      await page.getByText('A member was deactivated').waitFor();
      expect(await check()).toBe(401);

      await row.getByRole('button', { name: 'Account' }).click();
      await dialog.getByText('This account is deactivated.').waitFor();
      await dialog.getByRole('button', { name: 'Reactivate' }).click();
      await page.getByText('A member was reactivated').waitFor();
      expect(await check()).toBe(200);
    });
  });

  it('nobody deactivates their own, and managers do not see any', async () => {
    await seated(browser, service, operator.email, async (page) => {
      await page.goto(`/${await operatorOrgId(service)}/configuration/members`);
      const row = page.getByRole('row').filter({ hasText: operator.email });
      await row.getByRole('button', { name: 'Account' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
      await page.getByRole('dialog').getByRole('alert').waitFor();
    });
    expect((await operator.get('/v1/whoami')).status).toBe(200);
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Users & Permissions');
      await page.getByRole('row').filter({ hasText: org.member.email }).waitFor();
      expect(await page.getByRole('button', { name: 'Account' }).count()).toBe(0);
    });
  });
});
