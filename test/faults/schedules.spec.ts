import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { playFailover } from './failover.js';
import { schedules } from './schedules.js';
import { Stage } from './stage.js';

describe('the promise holds when', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start();
  });
  afterAll(() => stage.stop());

  for (const [name, schedule] of Object.entries(schedules)) {
    it(name, async () => {
      expect(await stage.play(schedule)).toEqual({ findings: [], surprises: [] });
    });
  }
});

describe('the promise holds on servers of its own when', () => {
  it('a standby has become the primary, and the old one still responds', async () => {
    expect(await playFailover()).toEqual({ findings: [], surprises: [] });
  });
});
