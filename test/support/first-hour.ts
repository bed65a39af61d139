import type { Locator, Page } from 'playwright-core';
import { Part } from './documents.js';
import type { Smtp } from './smtp.js';

export const rowOf = (page: Page, text: string): Locator =>
  page.getByRole('row').filter({ hasText: text });

/** Copies the secret of a key that was just created, and returns what is in the clipboard then. */
export async function copyKey(page: Page, copy: string): Promise<string> {
  await page.getByRole('dialog').getByRole('button', { name: copy, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Copied', exact: true }).waitFor();
  const copied = await page.evaluate<string>('navigator.clipboard.readText()');
  if (!/^kf_[0-9A-Za-z]{42}$/.test(copied)) throw new Error(`${copy} did not copy a key`);
  return copied;
}

/** Closes the dialog that shows the secret, which wants to know first that it is stored. */
export async function closeSecret(page: Page, stored: string, close: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(stored, { exact: true }).check();
  await dialog.getByRole('button', { name: close, exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Signs a manager in with a link from a mail, as the page for managers says; returns that part of it. */
export async function signInByMail(page: Page, smtp: Smtp, email: string): Promise<Part> {
  const step = new Part('docs/managers.md', 'Sign in');
  await page.goto('/');
  await page.getByLabel('E-mail address').fill(email);
  const ask = step.word('E-mail me a sign-in link');
  await page.getByRole('button', { name: ask, exact: true }).click();
  const [mail] = await smtp.until(email, 1);
  await page.goto(/http\S+\/sign-in#\S+/.exec(mail?.text ?? '')?.[0] ?? 'no link');
  await page.getByRole('button', { name: step.word('Continue'), exact: true }).click();
  const name = step.word('Overview');
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  return step;
}
