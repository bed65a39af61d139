/** Where things are below the data directory. */
export interface ClusterPaths {
  readonly dataDir: string;
  readonly root: string;
  /** What Postgres calls PGDATA. */
  readonly data: string;
  readonly passwords: string;
  readonly port: string;
  readonly log: string;
}
