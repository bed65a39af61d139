import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
import { schedules } from './schedules.js';
import { Stage } from './stage.js';

describe('the promise holds when', () => {
  let stage: Stage;
  before(async () => {
    stage = await Stage.start();
  });
  after(() => stage.stop());

  for (const [name, schedule] of Object.entries(schedules)) {
    it(name, async () => {
      expect(await stage.play(schedule)).toEqual({ findings: [], surprises: [] });
    });
  }
});
