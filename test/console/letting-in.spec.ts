import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import {
  lookEverywhere,
  noBrowser,
  openBrowser,
  seated,
  takeSeat,
  visit,
} from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { addPerson, createOrganisation, type Organisation } from '../support/organisation.js';
import { operatorOrgId } from '../support/persons.js';
import { startService, type Service } from '../support/service.js';
import { startSmtp, type Smtp } from '../support/smtp.js';
import { describeUnless } from '../support/unless.js';

const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

async function add(page: Page, email: string, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add member' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail address').fill(email);
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Add member' }).click();
  await rowOf(page, email).getByText('Pending', { exact: true }).waitFor();
}

describeUnless(noBrowser, 'letting people in without a mail server', () => {
  let service: Service;
  let org: Organisation;
  let browser: Browser;
  let operator: { email: string };

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

  it('a manager learns whom to ask, and never sees a link', async () => {
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Users & Permissions');
      await add(page, 'ida@tidewater.example', 'Ida Lund');
      const dialog = page.getByRole('dialog', { name: 'How Ida Lund signs in' });
      await dialog.getByText('Ask your operator to give Ida Lund a sign-in link').waitFor();
      expect(await dialog.getByRole('button').allTextContents()).toEqual(['']);
      await page.keyboard.press('Escape');
      const row = rowOf(page, 'ida@tidewater.example');
      expect(await row.getByRole('button', { name: /invitation/ }).count()).toBe(0);
    });
  });

  it('an operator copies a sign-in link, which the page forgets, and the person is in', async () => {
    let link = '';
    await seated(browser, service, operator.email, async (page) => {
      await page.goto(`/${org.id}/configuration/members`);
      await add(page, 'ola@tidewater.example', 'Ola Berg');
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Create sign-in link' }).click();
      await dialog.getByRole('button', { name: 'Copy sign-in link' }).waitFor();
      link = (await dialog.locator('.secret').textContent()) ?? '';
      expect(link).toMatch(/\/sign-in#/);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      expect(await page.content()).not.toContain(link);
    });
    const seat = await takeSeat(browser, { baseURL: service.url });
    try {
      await seat.page.goto(new URL(link).pathname + new URL(link).hash);
      await seat.page.getByRole('button', { name: 'Continue' }).click();
      await seat.page.getByText(`The ${org.slug}`).first().waitFor();
    } finally {
      await seat.close();
    }
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Users & Permissions');
      const row = rowOf(page, 'ola@tidewater.example');
      await row.waitFor();
      expect(await row.getByText('Pending').count()).toBe(0);
    });
  });

  it('has no accessibility violations', async () => {
    await org.manager.post(org.path('/members'), {
      email: 'eva@tidewater.example',
      name: 'Eva Holm',
      role: 'member',
    });
    const found = await lookEverywhere(browser, service, operator.email, async (page, look) => {
      await page.goto(`/${org.id}/configuration/members`);
      await page.getByRole('button', { name: 'Sign-in link for Eva Holm' }).click();
      await look();
      await page.getByRole('button', { name: 'Create sign-in link' }).click();
      await page.getByRole('button', { name: 'Copy sign-in link' }).waitFor();
      await look();
    });
    expect(found).toEqual([]);
  });
});

describeUnless(noBrowser, 'letting people in by mail', () => {
  let smtp: Smtp;
  let service: Service;
  let org: Organisation;
  let browser: Browser;

  beforeAll(async () => {
    smtp = await startSmtp();
    service = await startService({ settings: smtp.settings });
    org = await createOrganisation(service);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
    await smtp.close();
  });

  it('says that an invitation was sent, what became of it, and sends it again', async () => {
    const email = 'ida@tidewater.example';
    const mails = () => smtp.invitations.filter(({ recipient }) => recipient === email).length;
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Users & Permissions');
      await add(page, email, 'Ida Lund');
      await page.getByText('Ida Lund was added. An invitation is on its way.').waitFor();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await eventually(() => mails() === 1);
      const resend = page.getByRole('button', { name: 'Send the invitation of Ida Lund again' });
      await resend.click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(/The last invitation is from .*: Sent\./).waitFor();
      await dialog.getByRole('button', { name: 'Send invitation' }).click();
      await dialog.getByText('were invited too often').waitFor();
      await page.keyboard.press('Escape');
      await service.db.query(`UPDATE deliveries SET created_at = created_at - interval '1 hour'`);
      await resend.click();
      await dialog.getByRole('button', { name: 'Send invitation' }).click();
      await page.getByText(`An invitation to ${email} is on its way`).waitFor();
      await eventually(() => mails() === 2);
      expect(await page.getByRole('button', { name: /^Sign-in link/ }).count()).toBe(0);
    });
  });
});
