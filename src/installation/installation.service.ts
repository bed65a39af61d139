import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Mutations } from '../changes/mutations.js';
import { invalidRequest } from '../common/invalid-request.js';
import type { Committed } from '../database/transactions.js';
import type { AppearanceView, DataPermissionsView } from './appearance.dto.js';
import {
  appearanceView,
  installationView,
  type ChangeInstallation,
  type InstallationView,
} from './installation.dto.js';
import { InstallationStore } from './installation.store.js';

/** A logo is too long for the audit log, which is never deleted. */
const recorded = (field: string, value: unknown) =>
  field === 'logo' && typeof value === 'string'
    ? `sha256:${createHash('sha256').update(value).digest('hex')}`
    : value;

/** These fields of the settings, as the audit log has them. */
const recordOf = (settings: InstallationView, fields: readonly string[]) =>
  Object.fromEntries(
    fields.map((field) => [field, recorded(field, settings[field as keyof InstallationView])]),
  );

/** The database has another order of the fields, and another class. */
const isSame = (a: InstallationView, b: InstallationView, field: string) =>
  isDeepStrictEqual(
    structuredClone(a[field as keyof InstallationView]),
    structuredClone(b[field as keyof InstallationView]),
  );

@Injectable()
export class InstallationService {
  constructor(
    private readonly store: InstallationStore,
    private readonly mutations: Mutations,
  ) {}

  async get(): Promise<InstallationView> {
    return installationView(await this.store.get());
  }

  async appearance(): Promise<AppearanceView> {
    return appearanceView(await this.store.get());
  }

  async dataPermissions(): Promise<DataPermissionsView> {
    const { dataPermissions: items } = await this.store.get();
    return { items };
  }

  /** @throws Problem `invalid_request` when a data permission is described twice */
  async change(caller: Caller, input: ChangeInstallation): Promise<Committed<InstallationView>> {
    const described = input.dataPermissions?.map(({ permission }) => permission) ?? [];
    if (new Set(described).size < described.length) {
      const message = 'must not describe a permission twice';
      throw invalidRequest([{ path: 'dataPermissions', message }]);
    }
    return this.mutations.run(caller, [], async ({ tx, me, record }) => {
      const before = installationView(await this.store.lock(tx));
      const after = { ...before, ...input };
      const changed = Object.keys(input).filter((field) => !isSame(before, after, field));
      if (changed.length > 0) {
        await this.store.update(tx, after);
        // Only operators get here, so it is their organisation.
        const orgId = me.principal.org.id;
        await record({
          orgId,
          action: 'installation.changed',
          targetId: orgId,
          before: recordOf(before, changed),
          after: recordOf(after, changed),
        });
      }
      return after;
    });
  }
}
