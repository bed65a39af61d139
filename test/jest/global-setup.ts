import { openTestServer } from '../support/server.js';

/** One PostgreSQL server and one template of the databases for a run. */
export default async function setup(): Promise<void> {
  (globalThis as Closing).closeTestServer = (await openTestServer()).close;
}

/** How the teardown of a run gets to what its set-up has opened. */
export type Closing = typeof globalThis & { closeTestServer?: () => Promise<void> };
