import { createSite, type Site } from '../support/service.js';
import { besideNoise } from './noise.js';
import { besideRemoval } from './removal.js';

async function measure(parts: readonly ((site: Site) => Promise<void>)[]): Promise<void> {
  for (const part of parts) {
    const site = await createSite();
    try {
      await part(site);
    } finally {
      await site.remove();
    }
  }
}

/** Whether an organisation waits for what others do. */
await measure([besideRemoval, besideNoise]);
