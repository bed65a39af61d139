import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import type { Browser } from 'playwright-core';
import { findBarriers, noBrowser, openBrowser, takeSeat } from '../support/browser.js';
import { startIdentityProvider, type TestProvider } from '../support/identity-provider.js';
import { createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';

describe('signing in at an identity provider, in a browser', { skip: noBrowser }, () => {
  let provider: TestProvider;
  let service: Service;
  let org: Organisation;
  let browser: Browser;

  before(async () => {
    provider = await startIdentityProvider();
    service = await startService({ settings: provider.settings });
    org = await createOrganisation(service);
    browser = await openBrowser();
  });
  after(async () => {
    await browser.close();
    await service.stop();
    await provider.close();
  });

  it('leads to the provider, and back to the page that was asked for', async () => {
    provider.account = { subject: 'member', email: org.member.email, emailVerified: true };
    const seat = await takeSeat(browser, { baseURL: service.url });
    const { page, complaints } = seat;
    const wanted = `/${org.id}/configuration/api-keys?search=nothing`;
    await page.goto(wanted);
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign in with 127.0.0.1' }).click();
    await page.getByText('No key is like that').waitFor();
    expect(page.url()).toBe(`${service.url}${wanted}`);
    // Neither what the provider gave nor what it was given for can be found by whoever comes after.
    await page.goBack();
    expect(page.url()).not.toMatch(/code=/);
    expect(complaints).toEqual([]);
    await seat.close();
  });

  it('tells whom nobody knows what to do', async () => {
    provider.account = { subject: 'stranger', email: 'who@example.com', emailVerified: true };
    const seat = await takeSeat(browser, { baseURL: service.url });
    const { page } = seat;
    await page.goto('/sign-in');
    const button = page.getByRole('button', { name: 'Sign in with 127.0.0.1' });
    await button.click();
    await page.getByText('Ask a manager of your organisation to add who@example.com').waitFor();
    expect(await button.isEnabled()).toBe(true);
    await seat.close();
  });

  it('tells whom the provider has refused', async () => {
    provider.account = undefined;
    const seat = await takeSeat(browser, { baseURL: service.url });
    const { page } = seat;
    await page.goto('/sign-in');
    await page.getByRole('button', { name: 'Sign in with 127.0.0.1' }).click();
    await page.getByText(/did not let you in/).waitFor();
    expect(new URL(page.url()).search).toBe('');
    await seat.close();
  });
});
