import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, signInWith, takeSeat, visit } from '../support/browser.js';
import { projectRoot } from '../support/project.js';
import { withTestServer } from '../support/server.js';
import { startService, type Service } from '../support/service.js';
import { makeDemo, type Demo } from './demo.js';

/**
 * Takes the pictures in `docs/console` of the running product: every page, wide and narrow, light
 * and dark. A folder as argument gets them instead. Needs Chromium.
 */
const folder = process.argv[2] ?? join(projectRoot, 'docs', 'console');
const widths = { wide: 1280, narrow: 390 };

/** A provider to sign in at, which nobody asks anything here. */
const oidc = { issuer: 'https://login.tidewater.example', clientId: 'keyfence', clientSecret: '' };

type Shot = (name: string) => Promise<void>;

async function keysAndDialogs(page: Page, shoot: Shot): Promise<void> {
  await page.getByText('Recent activity').waitFor();
  await page.getByText('revoked').first().waitFor();
  await shoot('overview');
  await visit(page, 'API Keys');
  await page.getByRole('link', { name: 'Grafana' }).waitFor();
  await shoot('keys');
  await page.getByRole('button', { name: 'Create API key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Forecast service, staging');
  await shoot('create-key');
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await dialog.getByText('It is shown only once.').waitFor();
  await shoot('secret');
  await dialog.getByLabel('I have stored it').check();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Revoke Claude Desktop' }).click();
  await shoot('revoke-key');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('link', { name: 'Scenario runner' }).click();
  await page.getByRole('heading', { name: 'Requests per day' }).waitFor();
  await shoot('key');
  await page.getByRole('button', { name: 'Details' }).first().scrollIntoViewIfNeeded();
  await page.getByRole('button', { name: 'Details' }).first().click();
  await shoot('key-activity');
  await page.getByRole('button', { name: 'Restrict' }).click();
  await shoot('restrict-key');
}

async function settings(page: Page, { orgId }: Demo, shoot: Shot): Promise<void> {
  await page.goto(`/${orgId}/configuration/members`);
  await page.getByText('Forecast pipeline').waitFor();
  await shoot('members');
  await page.getByRole('button', { name: 'Remove Mei Tanaka' }).click();
  await page.getByText('Nightly export').waitFor();
  await shoot('remove-member');
  await page.goto(`/${orgId}/configuration/audit`);
  await page.getByRole('row').filter({ hasText: 'revoked' }).first().waitFor();
  await page.getByRole('button', { name: 'Details' }).nth(2).click();
  await shoot('audit');
  await page.goto(`/${orgId}/configuration/organisation`);
  await page.getByRole('heading', { name: 'Key policy' }).waitFor();
  await shoot('organisation');
  await page.goto(`/${orgId}/configuration/webhooks`);
  await page.getByRole('link').filter({ hasText: '/keys' }).click();
  await page.getByText('Failed').last().waitFor();
  await shoot('webhook');
  await page.goBack();
  await page.getByRole('link').filter({ hasText: '/keys' }).waitFor();
  await shoot('webhooks');
}

async function organisations(page: Page, shoot: Shot): Promise<void> {
  await page.goto('/organisations');
  await page.getByText('Suspended').waitFor();
  await page.getByText('Getting started').waitFor();
  await shoot('organisations');
  await page.goto('/nowhere');
  await page.getByRole('heading', { name: 'Page not found' }).waitFor();
  await shoot('not-found');
}

async function takeAll(browser: Browser, service: Service, demo: Demo): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, width] of Object.entries(widths)) {
      const viewport = { width, height: 900 };
      const seat = await takeSeat(browser, { baseURL: service.url, colorScheme, viewport });
      const shoot = async (name: string) => {
        // Dialogs come in slowly.
        await seat.page.waitForTimeout(500);
        const path = join(folder, `${name}-${size}-${colorScheme}.png`);
        await seat.page.screenshot({ path });
      };
      await seat.page.goto('/sign-in');
      await seat.page.getByRole('heading', { name: 'Sign in' }).waitFor();
      await shoot('sign-in');
      await signInWith(seat.page, service, demo.manager.email);
      await keysAndDialogs(seat.page, shoot);
      await settings(seat.page, demo, shoot);
      await seat.page.context().clearCookies();
      await signInWith(seat.page, service, demo.member.email);
      await seat.page.goto(`/${demo.orgId}/configuration/members`);
      await seat.page.getByText('Ask one').waitFor();
      await shoot('no-access');
      await seat.page.context().clearCookies();
      await signInWith(seat.page, service, demo.operator.email);
      await organisations(seat.page, shoot);
      await seat.close();
    }
  }
}

await mkdir(folder, { recursive: true });
await withTestServer(async () => {
  const service = await startService({ settings: { oidc } });
  const browser = await openBrowser();
  try {
    await takeAll(browser, service, await makeDemo(service));
  } finally {
    await browser.close();
    await service.stop();
  }
});
