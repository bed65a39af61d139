import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Settings } from '../config/settings.js';
import { typeormPool } from './connection.js';
import type { ServerCheck } from './server-checks.js';

/**
 * The connections that a request uses for all its queries. Changes that deny something have connections
 * of their own: nothing else can make them wait for one.
 */
export type Lane = 'ordinary' | 'denying';

/** The share of a lane's connections that one party can use at a time. */
const share = 0.4;

/** How many calls of one party run at a time on so many connections. */
export const partOf = (connections: number) => Math.max(1, Math.floor(share * connections));

/** The store, over the connections of each lane. */
@Injectable()
export class Lanes implements OnApplicationShutdown {
  private constructor(
    private readonly ordinary: DataSource,
    private readonly denying: DataSource,
  ) {}

  /** Opens the denying lane besides connections that are open already. */
  static async beside(
    ordinary: DataSource,
    { databaseUrl, denyingConnections }: Settings,
    server: ServerCheck,
  ): Promise<Lanes> {
    const pool = typeormPool(databaseUrl, denyingConnections, server);
    const denying = new DataSource({ ...ordinary.options, ...pool });
    return new Lanes(ordinary, await denying.initialize());
  }

  of(lane: Lane): DataSource {
    return lane === 'denying' ? this.denying : this.ordinary;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.denying.destroy();
  }
}
