import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import {
  findBarriers,
  noBrowser,
  openBrowser,
  seated,
  signInWith,
  takeSeat,
} from '../support/browser.js';
import { addPerson, createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';
import { describeUnless } from '../support/unless.js';

describeUnless(noBrowser, 'signing in and out', () => {
  let service: Service;
  let org: Organisation;
  let browser: Browser;

  beforeAll(async () => {
    service = await startService();
    org = await createOrganisation(service);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });

  it('signing out everywhere, and being deactivated, show with the next click', async () => {
    const person = await addPerson(service, org.id, 'member');
    await seated(browser, service, person.email, async (page) => {
      const seat = await takeSeat(browser, { baseURL: service.url });
      await signInWith(seat.page, service, person.email);
      await seat.page.getByRole('link', { name: 'member key' }).waitFor();
      await page.getByRole('button', { name: /signed in as/ }).click();
      await page.getByRole('menuitem', { name: 'Sign out everywhere' }).click();
      for (const each of [page, seat.page]) {
        if (each === seat.page) await each.getByLabel('State').selectOption('All');
        await each.getByRole('heading', { name: 'Sign in' }).waitFor();
      }
      await seat.close();
    });
    await seated(browser, service, person.email, async (page) => {
      await page.getByRole('link', { name: 'member key' }).waitFor();
      await service.operator.post(`/v1/users/${person.userId}/deactivate`);
      await page.getByLabel('State').selectOption('All');
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      expect(await page.getByRole('row').count()).toBe(0);
    });
  });

  it('a person sees where they are signed in, and ends one session', async () => {
    const person = await addPerson(service, org.id, 'member');
    const seat = await takeSeat(browser, {
      baseURL: service.url,
      userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1',
    });
    await signInWith(seat.page, service, person.email);
    await seated(browser, service, person.email, async (page) => {
      await page.getByRole('button', { name: /signed in as/ }).click();
      await page.getByRole('menuitem', { name: 'Your sessions' }).click();
      const dialog = page.getByRole('dialog', { name: 'Your sessions' });
      await dialog.getByText('This session').waitFor();
      expect(await dialog.getByRole('row').count()).toBe(3);
      expect(await dialog.textContent()).toContain('127.0.0.1');
      await dialog.getByRole('button', { name: 'End the session in Safari on iOS' }).click();
      await page.getByText('The session in Safari on iOS has ended').waitFor();
      await dialog.getByText('Safari on iOS').waitFor({ state: 'hidden' });
      expect(await findBarriers(page)).toEqual([]);
    });
    await seat.page.reload();
    await seat.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await seat.close();
  });

  it('a link that was used up says so', async () => {
    const seat = await takeSeat(browser, { baseURL: service.url });
    await seat.page.goto('/sign-in#link_used');
    expect(new URL(seat.page.url()).hash).toBe('');
    await seat.page.getByRole('button', { name: 'Continue' }).click();
    await seat.page.getByText('The link was used already, or is too old.').waitFor();
    await seat.close();
  });

  it('a link works where the page is open already', async () => {
    const seat = await takeSeat(browser, { baseURL: service.url });
    await seat.page.goto('/sign-in');
    await seat.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await signInWith(seat.page, service, org.member.email);
    await seat.close();
  });
});
