import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser, signInWith, takeSeat, visit } from '../support/browser.js';
import { projectRoot } from '../support/project.js';
import { withTestServer } from '../support/server.js';
import { startService } from '../support/service.js';
import { makeDemo } from './demo.js';

/**
 * Takes the picture at the top of the README, of the list of keys, light and dark. Needs Chromium. Run
 * `npm run readme-picture` whenever the console looks different.
 */
const folder = join(projectRoot, 'docs', 'images');
const viewport = { width: 1200, height: 720 };

await mkdir(folder, { recursive: true });
await withTestServer(async () => {
  const service = await startService();
  const browser = await openBrowser();
  try {
    const { manager } = await makeDemo(service);
    for (const colorScheme of ['light', 'dark'] as const) {
      const seat = await takeSeat(browser, { baseURL: service.url, colorScheme, viewport });
      await signInWith(seat.page, service, manager.email);
      await visit(seat.page, 'API Keys');
      await seat.page.getByRole('link', { name: 'Grafana' }).waitFor();
      await seat.page.screenshot({ path: join(folder, `console-${colorScheme}.png`) });
      await seat.close();
    }
  } finally {
    await browser.close();
    await service.stop();
  }
});
