import { describe, expect, it } from '@jest/globals';
import { FairQueue } from './fair-queue.js';

describe('a fair queue', () => {
  const takeAll = (queue: FairQueue<string>) => {
    const taken: string[] = [];
    for (let item = queue.take(); item !== undefined; item = queue.take()) taken.push(item);
    return taken;
  };

  it('gives each party its turn, and to each what it has waited with longest', () => {
    const queue = new FairQueue<string>();
    for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) queue.add(item.charAt(0), item);
    expect(queue.take()).toBe('a1');
    queue.add('d', 'd1');
    expect(queue.all.sort()).toEqual(['a2', 'a3', 'b1', 'c1', 'c2', 'd1']);
    // After a1 its party stands behind b and c, and the new one behind it.
    expect(takeAll(queue)).toEqual(['b1', 'c1', 'a2', 'd1', 'c2', 'a3']);
    expect(queue.isEmpty).toBe(true);
  });
});
