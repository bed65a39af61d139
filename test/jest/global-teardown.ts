import { stopSharedService } from '../support/shared-service.js';
import type { Closing } from './global-setup.js';

export default async function teardown(): Promise<void> {
  // Few tests run in this process, without a worker.
  await stopSharedService();
  await (globalThis as Closing).closeTestServer?.();
}
