import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Mutations } from '../changes/mutations.js';
import type { Committed } from '../database/transactions.js';
import {
  installationView,
  type ChangeInstallation,
  type InstallationView,
} from './installation.dto.js';
import { InstallationStore } from './installation.store.js';

@Injectable()
export class InstallationService {
  constructor(
    private readonly store: InstallationStore,
    private readonly mutations: Mutations,
  ) {}

  async get(): Promise<InstallationView> {
    return installationView(await this.store.get());
  }

  change(caller: Caller, input: ChangeInstallation): Promise<Committed<InstallationView>> {
    return this.mutations.run(caller, [], async ({ tx, me, record }) => {
      const before = installationView(await this.store.lock(tx));
      const after = { ...before, ...input };
      if (JSON.stringify(before) !== JSON.stringify(after)) {
        await this.store.update(tx, after);
        // Only operators get here, so it is their organisation.
        const orgId = me.principal.org.id;
        await record({ orgId, action: 'installation.changed', targetId: orgId, before, after });
      }
      return after;
    });
  }
}
