import { expect, jest } from '@jest/globals';
import { isFull } from '../support/environment.js';

/** Of `jest.config.js`. */
const { longFiles } = globalThis as unknown as { longFiles: string };

// Load that goes on for minutes, processes that start on a busy machine, larger counts.
const isLong = new RegExp(longFiles).test(expect.getState().testPath ?? '');
if (isLong || isFull) jest.setTimeout(30 * 60_000);
