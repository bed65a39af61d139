import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freePort } from '@keyfence/embedded-postgres';
import type { Browser, Page } from 'playwright-core';
import { choose, noBrowser, openBrowser, takeSeat, type Seat } from '../support/browser.js';
import { inTerminal, Part } from '../support/documents.js';
import { eventually } from '../support/eventually.js';
import { closeSecret, copyKey, rowOf, signInByMail } from '../support/first-hour.js';
import { startProcess, type ServiceProcess } from '../support/process.js';
import { startSmtp, type Smtp } from '../support/smtp.js';
import { describeUnless } from '../support/unless.js';

const partOf = (title: string) => new Part('docs/quick-start.md', title);

describeUnless(noBrowser, 'the first hour of an operator, as in the quick start', () => {
  let folder: string;
  let smtp: Smtp;
  let environment: Record<string, string>;
  let service: ServiceProcess;
  let browser: Browser;
  let seat: Seat;
  let page: Page;
  const given = { apiKey: '', serviceKey: '' };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyfence-quick-start-'));
    smtp = await startSmtp();
    const port = `${await freePort()}`;
    environment = {
      KEYFENCE_DATA_DIR: join(folder, '.keyfence'),
      KEYFENCE_PUBLIC_URL: `http://127.0.0.1:${port}`,
      ...smtp.environment,
    };
    service = await startProcess({ ...environment, PORT: port });
    browser = await openBrowser();
    const permissions = ['clipboard-read', 'clipboard-write'];
    seat = await takeSeat(browser, { baseURL: service.url, permissions });
    page = seat.page;
  });
  afterAll(async () => {
    await browser.close();
    await service.end('SIGTERM');
    await smtp.close();
    await rm(folder, { recursive: true, force: true });
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const dialog = () => page.getByRole('dialog');
  const submit = (name: string) => dialog().getByRole('button', { name, exact: true }).click();
  const openPage = (name: string) =>
    page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link', { name, exact: true })
      .click();
  const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true });

  /** Runs commands of the document, with the address and the keys that are those of this hour. */
  function type(commands: string | undefined, { apiKey, serviceKey } = given): Promise<string> {
    const script = (commands ?? 'false')
      .replace('http://127.0.0.1:3000', service.url)
      .replace('API_KEY=kf_…', `API_KEY=${apiKey}`)
      .replace('KEYFENCE_SERVICE_KEY=kf_…', `KEYFENCE_SERVICE_KEY=${serviceKey}`);
    expect(script).not.toContain('…');
    return inTerminal(folder, script, environment);
  }

  it('signs in with the link that the command prints', async () => {
    const step = partOf('2. Sign in');
    const [, withoutDocker] = step.commands;
    const [link = ''] = /http\S+/.exec(await type(withoutDocker)) ?? [];
    await page.goto(link);
    await button(step.word('Continue')).click();
    await heading('All organisations').waitFor();
    expect(step.unused()).toEqual([]);
  });

  it('creates an organisation with a service account', async () => {
    const step = partOf('3. An organisation, and somebody in it');
    await openPage(step.word('All organisations'));
    // The list of what is left to do has the same button once more.
    await button(step.word('Create organisation')).click();
    await dialog().getByLabel(/^Name/).fill(step.value('Acme'));
    const permissions = [step.value('telemetry:read'), step.value('telemetry:write')];
    await dialog().getByLabel('Data permissions').fill(permissions.join('\n'));
    await submit('Create organisation');

    await heading(step.word('Users & Permissions')).waitFor();
    await page.getByRole('banner').getByText('Acme', { exact: true }).waitFor();
    await button(step.word('Add member')).click();
    await dialog().getByLabel(step.word('Service account')).check();
    await dialog().getByLabel(/^Name/).fill(step.value('collector'));
    await submit('Add member');
    await rowOf(page, 'collector').waitFor();
    expect(step.unused()).toEqual([]);
  });

  it('creates the first key, and sends it', async () => {
    const step = partOf('4. The first key');
    await openPage(step.word('API Keys'));
    await button(step.word('Create API key')).click();
    await dialog().getByLabel(/^Name/).fill(step.value('my first key'));
    await choose(dialog(), 'Owner', step.value('collector'));
    expect(await dialog().getByRole('radio', { name: 'Read', exact: true }).isChecked()).toBe(true);
    expect(await dialog().getByLabel('Expiration').inputValue()).toBe('90');
    await submit(step.word('Create key'));
    given.apiKey = await copyKey(page, step.word('Copy the key'));
    await closeSecret(page, step.word('I have stored it'), step.word('Close'));
    const response = await type(step.commands[0]);
    expect(response).toMatch(/^HTTP\/1\.1 200 [^]*"keyName":"my first key"/);
    expect(step.unused()).toEqual([]);
  });

  it('creates a service key, and verifies the first key with it', async () => {
    const step = partOf('5. The first verification');
    const menu = page.getByRole('banner').getByRole('button', { name: 'Organisation: Acme' });
    await menu.click();
    await page.getByRole('menuitem', { name: step.word('Operators'), exact: true }).click();
    await page.getByText('All keys of Operators.').waitFor();
    await heading(step.word('API Keys')).waitFor();
    await button(step.word('Create API key')).click();
    await dialog().getByLabel(/^Name/).fill(step.value('my service'));
    await dialog().getByLabel(step.word('Service that verifies keys')).check();
    await submit(step.word('Create key'));
    given.serviceKey = await copyKey(page, 'Copy the key');
    await closeSecret(page, 'I have stored it', 'Close');

    const valid = await verify();
    expect(valid).toContain(`\r\n\r\n${step.value('{"valid":true,"code":"VALID"')}`);
    const other = step.value('telemetry:write');
    const lacking = await verify((commands) => commands.replace('telemetry:read', other));
    expect(lacking).toContain(`"code":"${step.value('INSUFFICIENT_PERMISSION')}"`);
    // A word of the glossary, not of the console.
    expect(step.unused()).toEqual(['service key']);
  });

  /** Sends the request of step 5, in the terminal of step 4. */
  const verify = (change = (commands: string) => commands) => {
    const [before = ''] = partOf('4. The first key').commands;
    const [ask = ''] = partOf('5. The first verification').commands;
    return type(`{ ${before}} > whoami\n${change(ask)}`);
  };

  it('revokes it, and the next verification says so', async () => {
    const step = partOf('6. The first revoke');
    await openPage(step.word('All organisations'));
    await page.getByRole('link', { name: step.word('Acme'), exact: true }).click();
    await openPage(step.word('API Keys'));
    const row = rowOf(page, step.value('my first key'));
    // A use shows up after some seconds, and the dialog asks for the name then.
    await eventually(async () => {
      await page.reload();
      await row.waitFor();
      return !(await row.textContent())?.includes('Never');
    }, 60_000);
    await row.getByRole('button', { name: step.word('Revoke') }).click();
    await dialog()
      .getByLabel(/Type its name/)
      .fill('my first key');
    await submit('Revoke');
    await dialog().waitFor({ state: 'hidden' });

    const [documented = ''] = step.responses;
    const said = /\r\n\r\n(\{.*\})$/.exec(await verify())?.[1] ?? '';
    const form = (text: string) => text.trim().replace(/\d+/, 'n');
    expect(form(said)).toBe(form(documented));
    expect(step.unused()).toEqual([]);
  });

  it('adds a manager, who is mailed where the console is, and signs in there', async () => {
    const email = 'ada@example.com';
    await openPage('Users & Permissions');
    await button('Add member').click();
    await dialog().getByLabel('E-mail address').fill(email);
    await dialog().getByLabel(/^Name/).fill('Ada');
    await dialog().getByLabel('Manager', { exact: true }).check();
    await submit('Add member');
    await page.getByText('Ada was added. An invitation is on its way.').waitFor();
    const invitation = await eventually(() =>
      smtp.invitations.find(({ recipient }) => recipient === email),
    );
    expect(invitation.text).toContain(service.url);
    const other = await takeSeat(browser, { baseURL: service.url });
    await signInByMail(other.page, smtp, email);
    await other.page.getByRole('banner').getByText('Acme', { exact: true }).waitFor();
    expect([...seat.complaints, ...other.complaints]).toEqual([]);
    await other.close();
  });
});
