import { describe, expect, it } from '@jest/globals';
import { jobs } from '../jobs/jobs.js';
import { channels } from './delivery.entity.js';
import { leaseSeconds } from './retry.js';

describe('the lease of a delivery', () => {
  for (const channel of channels) {
    it(`outlives a job of ${channel}: nobody else begins while it runs`, () => {
      expect(jobs[channel].deadlineMs).toBeLessThan(leaseSeconds * 1_000);
    });
  }
});
