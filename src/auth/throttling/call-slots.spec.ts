import { describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { CallSlots, type Leave } from './call-slots.js';

const long = 60_000;

/** The result so far, without waiting any longer. */
async function settled(entry: Promise<Leave | undefined>): Promise<'in' | 'refused' | 'waiting'> {
  const outcome = await Promise.race([entry, delay(5, 'waiting' as const)]);
  if (outcome === 'waiting') return outcome;
  return outcome === undefined ? 'refused' : 'in';
}

describe('CallSlots', () => {
  it('lets so many of a party in, lets so many wait, and refuses the rest', async () => {
    const slots = new CallSlots(2, 3, long);
    const entries = Array.from({ length: 7 }, () => slots.enter('a'));
    const outcomes = await Promise.all(entries.map(settled));
    expect(outcomes).toEqual(['in', 'in', 'waiting', 'waiting', 'waiting', 'refused', 'refused']);
    (await entries[0])?.();
    expect(await Promise.all(entries.slice(2, 5).map(settled))).toEqual([
      'in',
      'waiting',
      'waiting',
    ]);
    for (const entry of entries) (await entry)?.();
  });

  it('asks nothing of the others when a party is full', async () => {
    const slots = new CallSlots(1, 0, long);
    await slots.enter('a');
    expect(await slots.enter('a')).toBeUndefined();
    expect(await settled(slots.enter('b'))).toBe('in');
  });

  it('lets in in the order in which they came', async () => {
    const slots = new CallSlots(1, 10, long);
    const order: number[] = [];
    const calls = Array.from({ length: 6 }, async (_, n) => {
      const leave = await slots.enter('a');
      order.push(n);
      await delay(1);
      leave?.();
    });
    await Promise.all(calls);
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('refuses who has waited too long, and gives their place to nobody else', async () => {
    const slots = new CallSlots(1, 1, 10);
    const first = await slots.enter('a');
    expect(await slots.enter('a')).toBeUndefined();
    first?.();
    expect(await settled(slots.enter('a'))).toBe('in');
  });

  it('takes a slot back once, however often it is given back', async () => {
    const slots = new CallSlots(1, 0, long);
    const leave = await slots.enter('a');
    leave?.();
    leave?.();
    expect(await settled(slots.enter('a'))).toBe('in');
    expect(await slots.enter('a')).toBeUndefined();
  });

  it('counts a call for as long as it has to, however soon it is over', async () => {
    const slots = new CallSlots(1, 0, long, 60_000);
    (await slots.enter('a'))?.();
    expect(await slots.enter('a')).toBeUndefined();
    expect(await settled(slots.enter('b'))).toBe('in');
    const short = new CallSlots(1, 0, long, 20);
    (await short.enter('a'))?.();
    await delay(40);
    expect(await settled(short.enter('a'))).toBe('in');
  });
});
