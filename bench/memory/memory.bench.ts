import { createKnownKeys } from '../support/known-keys.js';
import { runScript } from '../support/script.js';
import type { HoldTask } from './hold.js';

const counts = [100_000, 200_000];
const keysPerOwner = [1_000, 1];

const script = new URL('./hold.js', import.meta.url);

/** What a key takes that is cached: beside a service that sent the same responses and caches two. */
console.log('| keys | keys of each owner | bytes for each key |\n| --- | --- | --- |');
for (const count of counts) {
  for (const perOwner of keysPerOwner) {
    const keys = await createKnownKeys(count, perOwner);
    try {
      const hold = (cacheKeys: number) =>
        runScript<number>(script, { keys, cacheKeys } satisfies HoldTask, ['--expose-gc']);
      const bytes = ((await hold(count)) - (await hold(2))) / count;
      console.log(`| ${count} | ${perOwner} | ${bytes.toFixed(0)} |`);
    } finally {
      await keys.remove();
    }
  }
}
