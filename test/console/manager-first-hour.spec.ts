import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freePort } from '@keyfence/embedded-postgres';
import type { Browser, Page } from 'playwright-core';
import { noBrowser, openBrowser, takeSeat, type Seat } from '../support/browser.js';
import { Part } from '../support/documents.js';
import { eventually } from '../support/eventually.js';
import { closeSecret, copyKey, rowOf, signInByMail } from '../support/first-hour.js';
import { createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';
import { startSmtp, type Smtp } from '../support/smtp.js';
import { describeUnless } from '../support/unless.js';

const partOf = (title: string) => new Part('docs/managers.md', title);

describeUnless(noBrowser, 'the first hour of a manager, word by word as in their guide', () => {
  const name = 'Claude Desktop – Work Laptop';
  let smtp: Smtp;
  let service: Service;
  let org: Organisation;
  let browser: Browser;
  let seat: Seat;
  let page: Page;
  let secret: string;

  beforeAll(async () => {
    smtp = await startSmtp();
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    service = await startService({ settings: { ...smtp.settings, port, publicUrl } });
    org = await createOrganisation(service);
    browser = await openBrowser();
    const permissions = ['clipboard-read', 'clipboard-write'];
    seat = await takeSeat(browser, { baseURL: service.url, permissions });
    page = seat.page;
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
    await smtp.close();
  });

  const button = (label: string) => page.getByRole('button', { name: label, exact: true });
  const dialog = () => page.getByRole('dialog');
  const inDialog = (label: string) => dialog().getByRole('button', { name: label, exact: true });
  const openPage = (title: string) =>
    page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link', { name: title, exact: true })
      .click();
  const whoami = async () => (await service.as(secret).get('/v1/whoami')).status;

  it('signs in with a link from a mail', async () => {
    const step = await signInByMail(page, smtp, org.manager.email);
    // The other way is that of installations with an identity provider.
    expect(step.unused()).toEqual(['Sign in with …']);
  });

  it('adds a person, who is pending', async () => {
    const step = partOf('Add people');
    const email = 'ida@example.com';
    await openPage(step.word('Users & Permissions'));
    await button(step.word('Add member')).click();
    await dialog().getByLabel(step.word('Service account'), { exact: true }).waitFor();
    await dialog().getByLabel(step.word('Manager'), { exact: true }).waitFor();
    await dialog().getByLabel(step.word('Member'), { exact: true }).check();
    await dialog().getByLabel('E-mail address').fill(email);
    await dialog().getByLabel(/^Name/).fill('Ida Lund');
    await inDialog('Add member').click();
    const row = rowOf(page, email);
    await row.getByText(step.word('Pending'), { exact: true }).waitFor();
    for (const action of ['Resend', 'Change', 'Remove']) {
      await row.getByText(step.word(action), { exact: true }).waitFor();
    }
    // Without a mail server there is this instead of the mail: letting-in.spec.ts.
    expect(step.unused()).toEqual(['Sign-in link']);
  });

  it('creates a key, and copies it', async () => {
    const step = partOf('Create a key');
    await openPage(step.word('API Keys'));
    await button(step.word('Create API key')).click();
    await dialog()
      .getByLabel(new RegExp(`^${step.word('Name')}`))
      .fill(name);
    const access = dialog().getByRole('radiogroup', { name: step.word('Access') });
    const scopes = ['Read', 'Read-Write', 'Admin'].map(step.word);
    for (const scope of scopes) await access.getByLabel(scope, { exact: true }).waitFor();
    expect(await access.getByLabel('Read', { exact: true }).isChecked()).toBe(true);
    const manages = dialog().getByLabel(step.word('Manage this organisation'), { exact: true });
    expect(await manages.isChecked()).toBe(false);
    await dialog().getByLabel(step.word('Expiration'), { exact: true }).selectOption('30 days');
    const owner = dialog().getByLabel(step.word('Owner'), { exact: true });
    expect(await owner.inputValue()).toBe('A manager (you)');
    await inDialog(step.word('Advanced')).click();
    await dialog().getByLabel('Description').fill('For the laptop');
    await inDialog(step.word('Create key')).click();
    secret = await copyKey(page, step.word('Copy the key'));
    await closeSecret(page, 'I have stored it', 'Close');
    await rowOf(page, name).waitFor();
    // The document says this louder, and the console in its own words.
    expect(step.unused()).toEqual(['for the only time']);
  });

  it('checks it', async () => {
    const step = partOf('Check a key');
    await openPage(step.word('API Keys'));
    await button(step.word('Check a key')).click();
    await dialog().getByLabel('API key', { exact: true }).fill(secret);
    await inDialog(step.word('Check')).click();
    await dialog().getByText('This key works').waitFor();
    const shown = await dialog().textContent();
    for (const each of [name, 'A manager', `The ${org.slug}`, 'expires', 'telemetry:read']) {
      expect(shown).toContain(each);
    }
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    await page.getByLabel('Search', { exact: true }).fill(secret.slice(-4));
    await page.waitForURL(/search=/);
    await page.getByLabel(step.word('State'), { exact: true }).selectOption('All');
    await rowOf(page, name).waitFor();
    expect(step.unused()).toEqual([]);
  });

  it('sees that it was used', async () => {
    const step = partOf('See its use');
    await rowOf(page, name).getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { name: step.word('Requests per day'), exact: true }).waitFor();
    const activity = page.getByRole('region', { name: step.word('Activity'), exact: true });
    await activity.getByText(`created ${name}`).first().waitFor();
    // A use shows up after some seconds.
    await eventually(async () => {
      await page.reload();
      const from = page.getByText('Last used from', { exact: true });
      await page.getByText('Total requests', { exact: true }).waitFor();
      return (await from.count()) > 0;
    }, 60_000);
    expect(step.unused()).toEqual([]);
  });

  it('renames it, restricts it, and revokes it', async () => {
    const step = partOf('Restrict or revoke it');
    await button(step.word('Edit description and tags')).waitFor();
    await button(step.word('Rename')).waitFor();
    await button(step.word('Restrict')).click();
    await dialog().getByLabel('Allowed IPs').fill('127.0.0.0/8');
    await inDialog('Restrict').click();
    await dialog().waitFor({ state: 'hidden' });
    expect(await whoami()).toBe(200);

    await button(step.word('Revoke')).click();
    await dialog()
      .getByLabel(/Type its name/)
      .fill(name);
    await dialog()
      .getByLabel(/^Reason/)
      .fill('laptop lost');
    await inDialog('Revoke').click();
    await dialog().waitFor({ state: 'hidden' });
    expect(await whoami()).toBe(401);
    // Of several keys at once, and of all that somebody has: key-list.spec.ts and members.spec.ts do that.
    expect(step.unused()).toEqual(['Revoke … keys', 'Revoke keys', 'Users & Permissions']);
  });

  it('reads what has happened', async () => {
    const step = partOf('Read the activity');
    await openPage(step.word('Audit log'));
    const row = rowOf(page, `A manager revoked ${name}: laptop lost`);
    await row.getByRole('button', { name: step.word('Details'), exact: true }).click();
    await rowOf(page, 'Reason').filter({ hasText: 'laptop lost' }).last().waitFor();
    await rowOf(page, `A manager created ${name}`).waitFor();
    await page.getByRole('link', { name: step.word('Export'), exact: true }).waitFor();
    expect(step.unused()).toEqual([]);
  });

  it('finds the rules for keys', async () => {
    const step = partOf('Set rules for keys');
    await openPage(step.word('Organisation'));
    const policy = page.getByRole('region', { name: step.word('Key policy'), exact: true });
    await policy.getByText(step.word('Edit'), { exact: true }).click();
    await inDialog('Cancel').click();
    await openPage(step.word('Webhooks'));
    await page.getByRole('heading', { level: 1, name: 'Webhooks', exact: true }).waitFor();
    expect(step.unused()).toEqual([]);
    expect(seat.complaints).toEqual([]);
  });
});
