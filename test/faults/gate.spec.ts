import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { Gate } from './gate.js';

/** Work that ends when a caller ends it, and writes down when it begins and ends. */
class Work {
  end: () => void = () => undefined;
  private readonly ended = new Promise<void>((resolve) => (this.end = resolve));

  constructor(
    private readonly name: string,
    private readonly log: string[],
  ) {}

  readonly run = async () => {
    this.log.push(`${this.name} begins`);
    await this.ended;
    this.log.push(`${this.name} ends`);
  };
}

describe('what is alone behind the gate', () => {
  it('waits until everybody has left, and keeps all others waiting', async () => {
    const log: string[] = [];
    const gate = new Gate();
    const first = new Work('first', log);
    const alone = new Work('alone', log);
    const late = new Work('late', log);
    const all = [gate.pass(first.run), gate.alone(alone.run), gate.pass(late.run)];
    for (const work of [first, alone, late]) {
      await turn();
      work.end();
    }
    await Promise.all(all);
    expect(log).toEqual(
      ['first', 'alone', 'late'].flatMap((one) => [`${one} begins`, `${one} ends`]),
    );
  });

  it('lets others in again when it fails', async () => {
    const gate = new Gate();
    await expect(gate.alone(() => Promise.reject(new Error('it failed')))).rejects.toThrow();
    const log: string[] = [];
    const next = new Work('next', log);
    next.end();
    await gate.pass(next.run);
    expect(log).toEqual(['next begins', 'next ends']);
  });
});
