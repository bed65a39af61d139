import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { holdClock, startClock, tick } from '../../test/support/clock.js';
import { Steps } from './steps.js';

describe('a step of a start', () => {
  const never = () => new Promise<never>(() => undefined);
  let lines: string[];
  const progress = (line: string) => lines.push(line);

  beforeEach(async () => {
    lines = [];
    await holdClock(['setTimeout', 'setInterval']);
  });
  afterEach(() => {
    startClock();
  });

  /** Advances the time second by second, so that lines are written in between. */
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      tick(1_000);
      await turn();
    }
  };

  it('hands on what its work gives, and is silent when that is soon', async () => {
    const step = { what: 'doing', timeoutMs: 5_000 };
    await expect(new Steps(progress).run(step, () => Promise.resolve(7))).resolves.toBe(7);
    const failing = new Steps(progress).run(step, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    await pass(60);
    expect(lines).toEqual([]);
  });

  it('says what it waits for and for whom, soon and every ten seconds', async () => {
    let end: () => void = () => undefined;
    const work = () => new Promise<void>((resolve) => (end = resolve));
    const whom = ['somebody', undefined, 'somebody else'];
    const waitsFor = () => Promise.resolve(whom.shift());
    const running = new Steps(progress).run({ what: 'doing', timeoutMs: 90_000, waitsFor }, work);
    await pass(29);
    end();
    await running;
    await pass(60);
    expect(lines).toEqual([
      expect.stringMatching(/^Still doing after \d+ s: waits for somebody$/),
      expect.stringMatching(/^Still doing after \d+ s$/),
      expect.stringMatching(/^Still doing after \d+ s: waits for somebody else$/),
    ]);
  });

  it('times out in the end, and says for whom it waited', async () => {
    let given: AbortSignal | undefined;
    const work = (signal: AbortSignal) => {
      given = signal;
      return never();
    };
    const waitsFor = () => Promise.resolve('somebody');
    const running = new Steps(progress).run({ what: 'doing', timeoutMs: 5_000, waitsFor }, work);
    const failed = expect(running).rejects.toThrow(
      'Timed out after 5 s while doing: waits for somebody',
    );
    expect(given?.aborted).toBe(false);
    await pass(5);
    await failed;
    expect(given?.aborted).toBe(true);
  });

  it('that cannot find out for whom says so much as it knows', async () => {
    const waitsFor = () => Promise.reject(new Error('cannot look'));
    const running = new Steps(progress).run({ what: 'doing', timeoutMs: 5_000, waitsFor }, never);
    const failed = expect(running).rejects.toThrow(/^Timed out after 5 s while doing$/);
    await pass(5);
    await failed;
    expect(lines).toHaveLength(1);
  });

  it('does not begin once the start is not wanted any more, and tells the one that runs', async () => {
    const stop = new AbortController();
    const steps = new Steps(progress, stop.signal);
    const step = { what: 'doing', timeoutMs: 5_000 };
    const work = (signal: AbortSignal) =>
      new Promise<string>((resolve) => {
        signal.addEventListener('abort', () => {
          resolve('told');
        });
      });
    const running = steps.run(step, work);
    stop.abort();
    await expect(running).resolves.toBe('told');
    await expect(steps.run(step, () => Promise.resolve())).rejects.toThrow('aborted');
  });
});
