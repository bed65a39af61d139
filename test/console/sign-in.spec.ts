import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { findBarriers, noBrowser, openBrowser, takeSeat } from '../support/browser.js';
import { startIdentityProvider, type TestProvider } from '../support/identity-provider.js';
import { createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

describeUnless(noBrowser, 'signing in at an identity provider, in a browser', () => {
  let provider: TestProvider;
  let service: Service;
  let org: Organisation;
  let browser: Browser;

  beforeAll(async () => {
    provider = await startIdentityProvider();
    service = await startService({ settings: provider.settings });
    org = await createOrganisation(service);
    browser = await openBrowser();
  });
  afterAll(async () => {
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
    await page.getByText('No keys match').waitFor();
    expect(page.url()).toBe(`${service.url}${wanted}`);
    // Neither what the provider gave nor what it was given for can be found by the next person.
    await page.goBack();
    expect(page.url()).not.toMatch(/code=/);
    expect(complaints).toEqual([]);
    await seat.close();
  });

  it('says what to do to a person whom nobody knows', async () => {
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

  it('says so to a person whom the provider has refused', async () => {
    provider.account = undefined;
    const seat = await takeSeat(browser, { baseURL: service.url });
    const { page } = seat;
    await page.goto('/sign-in');
    await page.getByRole('button', { name: 'Sign in with 127.0.0.1' }).click();
    await page.getByText(/did not sign you in/).waitFor();
    expect(new URL(page.url()).search).toBe('');
    await seat.close();
  });
});
