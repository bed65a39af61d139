import { Injectable } from '@nestjs/common';
import { isId } from '../common/ids.js';
import { Lanes, type Lane } from '../database/lanes.js';

/** Looks up whether an organisation exists. */
@Injectable()
export class OrgLookup {
  constructor(private readonly lanes: Lanes) {}

  async exists(orgId: string, lane: Lane): Promise<boolean> {
    if (!isId('org', orgId)) return false;
    const rows = await this.lanes
      .of(lane)
      .query<unknown[]>('SELECT FROM organisations WHERE id = $1', [orgId]);
    return rows.length > 0;
  }
}
