import { full } from './jest.config.js';

// Read by `test/support/environment.ts`, in each worker.
process.env.KEYFENCE_TEST_FULL = '1';

export default full;
