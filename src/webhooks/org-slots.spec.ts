import { describe, expect, it } from '@jest/globals';
import { newId } from '../common/ids.js';
import { OrgSlots } from './org-slots.js';

const [one, other] = [newId('org'), newId('org')];

/** Work that ends when the test ends it. */
function held() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { work: () => ended, end };
}

describe('slots of an organisation', () => {
  it('are all that it can take; others have their own', async () => {
    const slots = new OrgSlots(2);
    const { work, end } = held();
    const running = [slots.run(one, work), slots.run(one, work)];
    expect(await slots.run(one, () => Promise.reject(new Error('must not run')))).toBe(false);
    expect(await slots.run(other, () => Promise.resolve())).toBe(true);
    end();
    expect(await Promise.all(running)).toEqual([true, true]);
  });

  it('are free again when the work has ended, well or not', async () => {
    const slots = new OrgSlots(1);
    for (let time = 0; time < 3; time += 1) {
      await expect(slots.run(one, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
      expect(await slots.run(one, () => Promise.resolve())).toBe(true);
    }
  });
});
