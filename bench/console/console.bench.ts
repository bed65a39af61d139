import type { BrowserContext, Page } from 'playwright-core';
import { openBrowser } from '../../test/support/browser.js';
import { createLargeOrganisation } from '../support/keys.js';
import { options } from '../support/options.js';
import { createSite } from '../support/service.js';
import { median, quantile } from '../support/statistics.js';

const keys = 100_000;
const samples = options.samples ?? 20;

/** The script in the page, which is written for the browser. */
const firstKey = `document.querySelector('.rows tbody a')?.href`;

/** Milliseconds from something that is done in the page until the table begins with another key. */
const untilChanged = (doing: string) => `new Promise((resolve) => {
  const before = ${firstKey};
  const start = performance.now();
  const look = () => {
    const now = ${firstKey};
    if (now !== undefined && now !== before) resolve(performance.now() - start);
    else requestAnimationFrame(look);
  };
  ${doing};
  look();
})`;

const click = (name: string) =>
  `[...document.querySelectorAll('button')].find((each) => each.textContent === '${name}').click()`;

/** Chooses, as a person does who uses the list. */
const choose = (value: string) => `
  const list = [...document.querySelectorAll('select')].at(-1);
  Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(list, '${value}');
  list.dispatchEvent(new Event('change', { bubbles: true }))`;

/** Bytes that came over the network, and milliseconds until the keys could be seen. */
interface Load {
  script: number;
  all: number;
  milliseconds: number;
}

async function load(context: BrowserContext, path: string): Promise<Load> {
  const page = await context.newPage();
  try {
    await page.goto(path, { waitUntil: 'commit' });
    return await page.evaluate<Load>(`new Promise((resolve) => {
      const look = () => {
        if (${firstKey} === undefined) return requestAnimationFrame(look);
        const milliseconds = performance.now();
        const all = performance.getEntries().filter(({ transferSize }) => transferSize > 0);
        const sum = (list) => list.reduce((total, { transferSize }) => total + transferSize, 0);
        resolve({ milliseconds, all: sum(all), script: sum(all.filter(({ name }) => name.endsWith('.js'))) });
      };
      look();
    })`);
  } finally {
    await page.close();
  }
}

function say(what: string, times: readonly number[]): void {
  console.log(
    `| ${what} | ${median(times).toFixed(0)} (${quantile(times, 0.05).toFixed(0)}–${quantile(times, 0.95).toFixed(0)}) |`,
  );
}

async function measurePaging(page: Page): Promise<void> {
  const steps = {
    'next page': click('Next page'),
    'first page': click('First page'),
    'order by name': choose('name asc'),
    'newest first': choose('created desc'),
  };
  const times = Object.keys(steps).map((): number[] => []);
  for (let sample = 0; sample < samples; sample += 1) {
    for (const [index, doing] of Object.values(steps).entries()) {
      times[index]?.push(await page.evaluate<number>(untilChanged(doing)));
      // Let it be drawn.
      await page.evaluate(`new Promise((resolve) => setTimeout(resolve, 20))`);
    }
    await page.reload();
    await page.locator('.rows tbody a').first().waitFor();
  }
  for (const [index, what] of Object.keys(steps).entries()) say(what, times[index] ?? []);
}

/** The page of keys of a large organisation, in Chromium: how soon it can be used, and paged. */
const site = await createSite();
const browser = await openBrowser();
try {
  const service = await site.start();
  const org = await createLargeOrganisation(site, service, keys);
  const path = `${service.url}/${org.id}/configuration/api-keys`;
  const link = await site.loginLink(org.manager.email, service.url);

  const first = await browser.newContext();
  const page = await first.newPage();
  await page.goto(link);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.goto(path);
  await page.locator('.rows tbody a').first().waitFor();
  const storageState = await first.storageState();

  const cold: Load[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const context = await browser.newContext({ storageState });
    cold.push(await load(context, path));
    await context.close();
  }
  const warm: Load[] = [];
  for (let sample = 0; sample < samples; sample += 1) warm.push(await load(first, path));

  const kB = (bytes: number) => `${(bytes / 1_000).toFixed(0)} kB`;
  const [{ script, all } = { script: 0, all: 0 }] = cold;
  console.log(
    `${keys} keys, ${samples} times each; a first load is ${kB(all)}, ${kB(script)} of it script\n`,
  );
  console.log('| what | ms until it shows, median (5th–95th percentile) |');
  console.log('| --- | --- |');
  say(
    'first load',
    cold.map(({ milliseconds }) => milliseconds),
  );
  say(
    'load again',
    warm.map(({ milliseconds }) => milliseconds),
  );
  await measurePaging(page);
} finally {
  await browser.close();
  await site.remove();
}
