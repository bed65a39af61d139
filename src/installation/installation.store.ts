import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Tx } from '../database/transactions.js';
import { Installation } from './installation.entity.js';

export type InstallationChange = Partial<Omit<Installation, 'single'>>;

/** All SQL on the settings of the installation. */
@Injectable()
export class InstallationStore {
  constructor(private readonly dataSource: DataSource) {}

  get(manager: EntityManager = this.dataSource.manager): Promise<Installation> {
    return manager.findOneByOrFail(Installation, { single: true });
  }

  /** The settings; nobody else changes them until the transaction ends. */
  async lock(tx: Tx): Promise<Installation> {
    await tx.query('SELECT FROM installation FOR UPDATE');
    return this.get(tx);
  }

  async update(tx: Tx, change: InstallationChange): Promise<void> {
    await tx.update(Installation, { single: true }, change);
  }
}
