import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { count } from '../../test/support/environment.js';
import { FencedWorld } from '../../test/support/fenced-world.js';

async function run(choices: readonly number[]): Promise<FencedWorld> {
  const world = new FencedWorld();
  for (const choice of choices) await world.step(choice);
  await world.drain();
  return world;
}

describe('the fence', () => {
  const interleavings = count(2_000, 20_000);
  /** A late response that does not know one of two secrets, which was cached meanwhile from a later state. */
  const lateUnknown = [
    0, 73527, 543432, 0, 677184, 902148, 575767, 239159, 0, 895287, 0, 503300, 0, 0, 0, 973384, 0,
    159671, 0, 0,
  ];
  const choices = fc.array(fc.nat({ max: 2 ** 20 }), { minLength: 20, maxLength: 100 });

  it('reads only what held between call and response, in every order of events', async () => {
    await fc.assert(
      fc.asyncProperty(choices, async (list) => {
        const world = await run(list);
        expect(world.reads.filter((read) => !world.isTrue(read))).toEqual([]);
      }),
      { numRuns: interleavings, examples: [[lateUnknown]] },
    );
  });

  it('and these orders meet every way in which the cache is dropped, hits and misses', async () => {
    const seen = new Set<string>();
    const worlds = await Promise.all(
      fc.sample(choices, { numRuns: 300, seed: 1 }).map((list) => run(list)),
    );
    for (const { resets } of worlds) resets.forEach((reason) => seen.add(reason));
    expect([...seen].sort()).toEqual(['cut', 'gap', 'identity']);
    const errors = worlds.flatMap(({ reads }) => reads.filter(({ error }) => error !== undefined));
    expect(errors.length).toBeGreaterThan(0);
  });

  it('reads two secrets of one key together, of which only one is cached at a time', async () => {
    const world = new FencedWorld();
    for (let round = 0; round < 3; round += 1) {
      world.read('second_1', 'secret_1');
      await world.drain();
    }
    expect(world.reads.every((read) => read.error === undefined && world.isTrue(read))).toBe(true);
    expect(world.asked).toBeLessThanOrEqual(2 * 3);
  });
});
