import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { lookEverywhere, noBrowser, openBrowser, seated, visit } from '../support/browser.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { isInMemory } from '../support/page-memory.js';
import { assertSigned, startReceiver, type Receiver } from '../support/receiver.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';
import { createWebhook } from '../support/webhooks.js';

describeUnless(noBrowser, 'Settings → Webhooks', () => {
  let receiver: Receiver;
  let service: Service;
  let org: Organisation;
  let browser: Browser;

  beforeAll(async () => {
    receiver = await startReceiver();
    service = await startService({ settings: { allowPrivateWebhooks: true } });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
    await receiver.close();
  });
  beforeEach(async () => {
    org = await createOrganisation(service);
    receiver.received = [];
    receiver.mood = 200;
  });

  const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
  const open = async (page: Page) => {
    await visit(page, 'Webhooks');
    await page.getByRole('link', { name: receiver.url }).click();
    await page.getByRole('heading', { name: receiver.url }).waitFor();
  };

  /** Takes the secret from the dialog that shows it once. */
  async function takeSecret(page: Page): Promise<string> {
    const dialog = page.getByRole('dialog');
    const shown = dialog.getByText(/^whsec_/);
    await shown.waitFor();
    const secret = (await shown.textContent()) ?? '';
    await page.keyboard.press('Escape');
    await dialog.getByLabel('I have stored it').check();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.waitForTimeout(1_000);
    expect(await page.content()).not.toContain(secret);
    expect(await isInMemory(page, secret)).toBe(false);
    return secret;
  }

  it('one is created, is sent what it asked for, and signs with the secret that was shown', async () => {
    await seated(browser, service, org.manager.email, async (page) => {
      await visit(page, 'Webhooks');
      await page.getByText('No webhooks yet').waitFor();
      await page.getByRole('button', { name: 'Create webhook' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('URL').fill(receiver.url);
      await dialog.getByLabel('All events').uncheck({ force: true });
      await dialog.getByLabel('Key about to expire').uncheck();
      await dialog.getByLabel('Member removed').uncheck();
      await dialog.getByRole('button', { name: 'Create webhook' }).click();
      const secret = await takeSecret(page);
      expect(await rowOf(page, receiver.url).textContent()).toMatch(/Key created, Key revoked/);

      const { id } = await createKey(org.manager, org);
      const [message] = await receiver.until('key.created');
      if (message === undefined) throw new Error('nothing came');
      assertSigned(message, secret);
      expect(message.event.data.keyId).toBe(id);

      await open(page);
      await page.getByRole('button', { name: 'Send test event' }).click();
      await receiver.until('ping');
      await rowOf(page, 'Test event').getByText('Sent').waitFor();
      await page.getByRole('button', { name: 'Rotate secret' }).click();
      await dialog.getByRole('button', { name: 'Rotate secret' }).click();
      expect(await takeSecret(page)).not.toBe(secret);
    });
  });

  it('what has failed is seen, with the reason, and sent again', async () => {
    await createWebhook(org, { url: receiver.url });
    receiver.mood = 410;
    await createKey(org.manager, org);
    await receiver.until('key.created');
    receiver.mood = 200;
    await seated(browser, service, org.manager.email, async (page) => {
      await open(page);
      const row = rowOf(page, 'Key created');
      await row.getByText('Failed').waitFor();
      expect(await row.textContent()).toContain('410');
      await page.getByLabel('State').selectOption('Sent');
      await page.waitForURL(/state=sent/);
      await page.getByText('No deliveries match').waitFor();
      await page.goBack();
      await row.getByRole('button', { name: /Send again/ }).click();
      await row.getByText('Sent').waitFor();
    });
    expect(await receiver.until('key.created', 2)).toHaveLength(2);
  });

  it('one is changed, and removed', async () => {
    await createWebhook(org, { url: receiver.url });
    await seated(browser, service, org.manager.email, async (page) => {
      await open(page);
      await page.getByRole('button', { name: 'Change' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('URL').fill('ftp://files.example.com');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText(/^Must be.*https/).waitFor();
      await dialog.getByLabel('URL').fill('https://hooks.example.com/moved');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { name: 'https://hooks.example.com/moved' }).waitFor();
      await page.getByRole('button', { name: 'Remove' }).click();
      await dialog.getByRole('button', { name: 'Remove' }).click();
      await page.getByText('No webhooks yet').waitFor();
      await page.goBack();
      await page.getByRole('heading', { name: 'Page not found' }).waitFor();
    });
  });

  it('members see that it is for managers, and who those are', async () => {
    await seated(browser, service, org.member.email, async (page) => {
      await page.goto(`/${org.id}/configuration/webhooks`);
      await page.getByText(/Only managers can see its webhooks\. Ask one: A manager/).waitFor();
    });
  });

  it('has no accessibility violations', async () => {
    await createWebhook(org, { url: receiver.url });
    receiver.mood = 410;
    await createKey(org.manager, org);
    await receiver.until('key.created');
    const found = await lookEverywhere(browser, service, org.manager.email, async (page, look) => {
      await visit(page, 'Webhooks');
      await page.getByRole('link', { name: receiver.url }).waitFor();
      await look();
      await page.getByRole('button', { name: 'Create webhook' }).click();
      await page.getByLabel('All events').uncheck({ force: true });
      await look();
      await page.keyboard.press('Escape');
      await open(page);
      await rowOf(page, 'Key created').getByText('Failed').waitFor();
      await look();
      await page.getByRole('button', { name: 'Remove' }).click();
      await look();
    });
    expect(found).toEqual([]);
  });
});
