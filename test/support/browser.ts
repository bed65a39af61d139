import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { eventually } from './eventually.js';
import { isFull } from './environment.js';
import type { Service } from './service.js';
import { newLink } from './sessions.js';

const executablePath = [
  // The same engine without the windows, which is less work.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => existsSync(path));

/** Why there is no browser; false when there is one, or has to be. */
export const noBrowser = !isFull && executablePath === undefined && 'no Chromium is installed';

export const openBrowser = (): Promise<Browser> =>
  // Inside a container there is no namespace for its sandbox; it opens nothing but our own pages.
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });

/** A page in which somebody sits before the console. */
export interface Seat {
  page: Page;
  /** What the browser complained about, but for responses that refuse. */
  complaints: string[];
  close(): Promise<void>;
}

export async function takeSeat(browser: Browser, options: BrowserContextOptions): Promise<Seat> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    const text = message.text();
    if (
      ['error', 'warning'].includes(message.type()) &&
      !text.startsWith('Failed to load resource')
    ) {
      complaints.push(text);
    }
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints, close: () => context.close() };
}

/** Signs a person in with a link, as they do. */
export async function signInWith(page: Page, service: Service, email: string): Promise<void> {
  const token = await newLink(service, email);
  await page.goto(`${service.url}/sign-in#${token}`);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Sign in' }).waitFor();
}

/** Lets somebody sit before the console; the browser must have nothing to complain about. */
export async function seated(
  browser: Browser,
  service: Service,
  email: string,
  work: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const seat = await takeSeat(browser, { baseURL: service.url, ...options });
  try {
    await signInWith(seat.page, service, email);
    await work(seat.page);
    if (seat.complaints.length > 0) throw new Error(seat.complaints.join('\n'));
  } finally {
    await seat.close();
  }
}

/** Goes to a page of the settings, as people do. */
export async function visit(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('menuitem', { name: title, exact: true }).click();
  // The page before stays until the code of this one has come.
  await eventually(async () => (await page.title()).startsWith(title));
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** Chooses a member as people do: by a part of the name. */
export async function choose(
  within: Pick<Page, 'getByLabel' | 'getByRole'>,
  label: string,
  name: string,
): Promise<void> {
  // Where somebody has to be chosen, the label ends with an asterisk.
  await within.getByLabel(new RegExp(`^${label}( \\*)?$`)).fill(name);
  await within.getByRole('option', { name }).first().click();
}

/** How many pixels a page is wider than its window. */
const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`);

/** Waits until nothing moves: what fades in cannot be read yet. */
const isAtRest = `new Promise((resolve) => {
  const look = (frames) => {
    const moves = document.getAnimations().length > 0;
    if (!moves && frames > 5) resolve();
    else requestAnimationFrame(() => look(moves ? 0 : frames + 1));
  };
  look(0);
})`;

/**
 * Calls `work` at the desk and on a telephone, light and dark, with what collects barriers on the
 * page as it is then.
 *
 * @returns them, and pages that are too wide
 */
export async function lookEverywhere(
  browser: Browser,
  service: Service,
  email: string,
  work: (page: Page, look: () => Promise<void>) => Promise<void>,
): Promise<string[]> {
  const found: string[] = [];
  for (const width of [1280, 360]) {
    const see = (page: Page) =>
      work(page, async () => {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await page.evaluate(isAtRest);
          const where = `${width} ${colorScheme} ${new URL(page.url()).pathname}`;
          // In the dark, nothing else is different.
          const rules = colorScheme === 'dark' ? ['color-contrast'] : 'all';
          found.push(...(await findBarriers(page, rules)).map((each) => `${where} ${each}`));
        }
        const overflow = await overflowOf(page);
        if (overflow > 0) found.push(`${page.url()} is ${overflow} too wide for ${width}`);
      });
    const options = { viewport: { width, height: 800 }, reducedMotion: 'reduce' } as const;
    await seated(browser, service, email, see, options);
  }
  return found;
}

interface Violation {
  id: string;
  impact: string | null;
  nodes: { target: unknown }[];
}

const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds to be serious or critical. */
export async function findBarriers(page: Page, rules: string[] | 'all' = 'all'): Promise<string[]> {
  const source = await axe;
  const options = { resultTypes: ['violations'], ...(rules !== 'all' && { runOnly: rules }) };
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    `${source}; axe.run(${JSON.stringify(options)})`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(', ')}`);
}

/** Gives the name of what has the focus. For the page, whose types are not those of this code. */
export const nameOfFocus = `(({ ariaLabel, labels, textContent }) =>
  ariaLabel ?? labels?.[0]?.textContent ?? textContent)(document.activeElement)`;
