import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Problem } from '../common/errors.js';
import type { KeyId, OrgId } from '../common/ids.js';
import { KeyService } from '../keys/key.service.js';
import type { UsageQuery, UsageView } from './usage.dto.js';
import { UsageStore } from './usage.store.js';

const dayLength = 24 * 3_600_000;
const usualDays = 30;
const mostDays = 366;

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

@Injectable()
export class UsageService {
  constructor(
    private readonly keys: KeyService,
    private readonly store: UsageStore,
  ) {}

  /** Uses of a key, by day. */
  async days(caller: Caller, orgId: OrgId, keyId: KeyId, query: UsageQuery): Promise<UsageView> {
    const { now } = await this.keys.find(caller, orgId, keyId);
    const last = Date.parse(query.to ?? dayOf(now.getTime()));
    const first = query.from ? Date.parse(query.from) : last - (usualDays - 1) * dayLength;
    const days = (last - first) / dayLength + 1;
    if (days < 1) throw new Problem('invalid_request', 'from must not be after to.');
    if (days > mostDays) {
      throw new Problem('invalid_request', `from and to must be at most ${mostDays} days.`);
    }
    return { days: await this.store.days(orgId, keyId, dayOf(first), dayOf(last)) };
  }
}
