import { describe, expect, it } from '@jest/globals';
import { Log } from '../telemetry/log.js';
import { createLogger } from '../telemetry/logger.js';
import { AbandonedJobError, RunningJobs } from './running-jobs.js';

function jobsWithLog() {
  const lines: string[] = [];
  const logger = createLogger({ write: (line) => lines.push(line) });
  return { jobs: new RunningJobs(new Log(logger)), lines };
}

const never = () => new Promise<never>(() => undefined);
const inTime = { kind: 'webhook', id: 'dlv_1', deadlineMs: 60_000 } as const;
const atOnce = { ...inTime, deadlineMs: 1 };

describe('jobs that run', () => {
  it('end as they end', async () => {
    const { jobs, lines } = jobsWithLog();
    await jobs.run(inTime, () => Promise.resolve());
    const failure = new Error('as it failed');
    await expect(jobs.run(inTime, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(lines).toEqual([]);
  });

  it('are not waited for beyond their deadline, and the log says what they wait for', async () => {
    const { jobs, lines } = jobsWithLog();
    const late = jobs.run(atOnce, (running) => running.waitFor('the receiver', never));
    await expect(late).rejects.toThrow(AbandonedJobError);
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ level: 50, job: 'webhook', id: 'dlv_1', waitsFor: 'the receiver' }),
    ]);
  });

  it('wait for the database where they wait for nobody else', async () => {
    const { jobs } = jobsWithLog();
    const late = jobs.run(atOnce, async (running) => {
      await running.waitFor('the receiver', () => Promise.resolve());
      await never();
    });
    await expect(late).rejects.toThrow('waits for the database');
  });

  it('are aborted when their time is over', async () => {
    const { jobs } = jobsWithLog();
    let told: AbortSignal | undefined;
    await expect(
      jobs.run(atOnce, ({ signal }) => {
        told = signal;
        return never();
      }),
    ).rejects.toThrow(AbandonedJobError);
    expect(told?.aborted).toBe(true);
  });

  it('are aborted when the process stops, and then not waited for', async () => {
    const { jobs } = jobsWithLog();
    const obedient = jobs.run(inTime, async ({ signal }) => {
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
    });
    const deaf = jobs.run(inTime, never);
    jobs.interrupt();
    await obedient;
    jobs.abandon();
    await expect(deaf).rejects.toThrow('the process stopped');
  });
});
