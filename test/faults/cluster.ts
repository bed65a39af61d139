import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Pool } from 'pg';
import { SecretHasher } from '../../src/keys/secret-hasher.js';
import { Caller } from '../support/client.js';
import { createDatabase, type Database } from '../support/environment.js';
import { startProcess, type ServiceProcess } from '../support/process.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { Client } from './http.js';

export interface ClusterOptions {
  nodes: number;
  /** One that is there already; otherwise it has a new one. */
  database?: Database;
  /** URLs of modules that every node loads before the service. */
  preload?: readonly string[];
  /** SQL that is applied to the database before the first node starts. */
  patches?: readonly string[];
  /** Settings of every node. */
  variables?: Readonly<Record<string, string>>;
  /** By index; the clocks of all others are right. */
  clocks?: Readonly<Record<number, Clock>>;
  /** A checkout of another release, compiled: every other node, the first one too, is of it. */
  beside?: string | undefined;
}

/** For tests in which a busy machine shall not look like a database that is away. */
export const patientNodes = { KEYFENCE_FENCE_TIMEOUT_MS: '5000' };

/** The clock of a node. */
export interface Clock {
  preload?: readonly string[];
  variables?: Record<string, string>;
}

/** A service process with a way to the database of its own. */
export class Node {
  readonly client = new Client(() => this.url);
  /** Of its log what is never due: failed responses, and what came before an end that nobody wanted. */
  readonly log: string[] = [];
  /** It misses a long history, so that changes had better be made elsewhere. */
  isAsleep = false;
  private process: ServiceProcess | undefined;
  private killed: ServiceProcess | undefined;
  private lastLines: readonly string[] = [];

  constructor(
    readonly index: number,
    readonly proxy: TcpProxy,
    private readonly variables: Record<string, string>,
    private readonly preload: readonly string[],
    /** The script of another release; undefined for this one's. */
    private readonly main: string | undefined,
  ) {}

  get isOfOtherRelease(): boolean {
    return this.main !== undefined;
  }

  /** Changes with each start. */
  get url(): string {
    if (this.process === undefined) throw new Error(`node ${this.index} was never started`);
    return this.process.url;
  }

  /** A client that holds its responses against the description of the service. */
  as(key: string): Caller {
    return new Caller(this.url, [], key);
  }

  async start({ preload = [], variables = {} }: Clock = {}): Promise<void> {
    this.process = await startProcess(
      { ...this.variables, ...variables },
      {
        preload: [...this.preload, ...preload],
        main: this.main,
        onLine: (line) => {
          this.read(line);
        },
      },
    );
    const { child } = this.process;
    child.once('exit', (code, signal) => {
      if (this.killed?.child === child) return;
      this.log.push(`node ${this.index} ended: ${code ?? signal}`, ...this.lastLines);
    });
  }

  /** SIGSTOP, SIGCONT or SIGKILL. */
  signal(signal: NodeJS.Signals): void {
    this.process?.child.kill(signal);
  }

  async kill(): Promise<void> {
    this.killed = this.process;
    await this.killed?.end('SIGKILL');
  }

  private read(line: string): void {
    if (line.includes('"code":"internal"')) this.log.push(line);
    if (!line.includes('"msg":"request"')) this.lastLines = [...this.lastLines.slice(-19), line];
  }
}

/** Several nodes on one database. */
export class Cluster {
  readonly nodes: Node[] = [];
  operatorKey = '';
  private readonly secret = randomBytes(32).toString('hex');
  /** Hashes secrets of keys as the nodes do. */
  readonly hasher = new SecretHasher([this.secret]);

  private constructor(
    private readonly database: Database,
    /** Connects to the database itself, past all proxies. */
    readonly db: Pool,
    private readonly dataDir: string,
  ) {}

  /** The database itself, as whom the service connects. */
  get url(): string {
    return this.database.url;
  }

  /** Starts a first node, which makes the operator key, and then the others. */
  static async start(options: ClusterOptions): Promise<Cluster> {
    const database = options.database ?? (await createDatabase());
    const dataDir = await mkdtemp(join(tmpdir(), 'keyfence-faults-'));
    const cluster = new Cluster(database, openPool(database.adminUrl), dataDir);
    try {
      for (const patch of options.patches ?? []) await cluster.db.query(patch);
      await cluster.startNodes(options);
    } catch (error) {
      // What is left open would keep the process of the tests from ending.
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  private async startNodes({
    nodes,
    preload = [],
    variables,
    clocks = {},
    beside,
  }: ClusterOptions) {
    for (let index = 0; index < nodes; index += 1) {
      const proxy = await TcpProxy.start(this.database.url);
      const settings = {
        DATABASE_URL: proxy.url(this.database.url),
        KEYFENCE_DATA_DIR: this.dataDir,
        KEYFENCE_SECRET: this.secret,
        // As people run it: what a fault may cost is part of the report.
        KEYFENCE_FENCE_TIMEOUT_MS: '250',
        ...variables,
      };
      const main = beside && index % 2 === 0 ? resolve(beside, 'dist/main.js') : undefined;
      this.nodes.push(new Node(index, proxy, settings, preload, main));
    }
    const start = (node: Node) => node.start(clocks[node.index]);
    await Promise.all(this.nodes.slice(0, 1).map(start));
    this.operatorKey = (await readFile(join(this.dataDir, 'operator-key'), 'utf8')).trim();
    await Promise.all(this.nodes.slice(1).map(start));
  }

  async stop(): Promise<void> {
    for (const { client } of this.nodes) client.close();
    await Promise.all(this.nodes.map((node) => node.kill()));
    await Promise.all(this.nodes.map(({ proxy }) => proxy.close()));
    await this.db.end();
    await this.database.drop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

function openPool(url: string): Pool {
  const pool = new Pool({
    connectionString: url,
    max: 20,
    application_name: 'faults',
    connectionTimeoutMillis: 15_000,
    lock_timeout: 2_000,
    statement_timeout: 5_000,
    query_timeout: 15_000,
  });
  pool.on('error', () => undefined);
  // One that is in use and breaks between two statements says so itself.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
