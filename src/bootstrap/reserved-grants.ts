import { Injectable } from '@nestjs/common';
import { OrgStore } from '../orgs/org.store.js';
import { futureResources } from '../permissions/permission.js';
import { Log } from '../telemetry/log.js';

/** Finds organisations with grants whose names are now reserved for Keyfence. */
@Injectable()
export class ReservedGrants {
  constructor(
    private readonly orgs: OrgStore,
    private readonly log: Log,
  ) {}

  /** Logs them: such grants work, but the names will get another meaning one day. */
  async report(): Promise<void> {
    const organisations = await this.orgs.withGrantsOn(futureResources);
    if (organisations.length === 0) return;
    this.log.logger.warn(
      { organisations },
      `organisations have grants on resources whose names are now reserved (${futureResources.join(', ')})`,
    );
  }
}
