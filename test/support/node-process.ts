import { Caller, type Transcript } from './client.js';
import { assertNoLeak } from './leaks.js';
import { startProcess, type ServiceProcess } from './process.js';
import type { Service } from './service.js';

/** A further node on the database of another one, as a process of its own. */
export interface NodeProcess extends ServiceProcess {
  as: (key?: string) => Caller;
  /** Stops it, after a search of log, database and responses for secrets. Before the first one. */
  stop(): Promise<void>;
}

/** @param databaseUrl how it reaches the database */
export async function startNode(
  first: Service,
  databaseUrl = first.settings.databaseUrl,
): Promise<NodeProcess> {
  const { secrets, dataDir } = first.settings;
  const node = await startProcess({
    DATABASE_URL: databaseUrl,
    KEYFENCE_SECRET: secrets.join(','),
    KEYFENCE_DATA_DIR: dataDir,
  });
  const transcript: Transcript = [];
  return {
    ...node,
    as: (key) => new Caller(node.url, transcript, key),
    stop: async () => {
      await node.end('SIGTERM');
      const operatorKey = first.operator.key ?? '';
      await assertNoLeak({ db: first.db, log: [node.output()], transcript, operatorKey });
    },
  };
}
