import { Injectable } from '@nestjs/common';
import type { OrgId, UserId } from '../common/ids.js';
import { JobQueue } from '../jobs/job-queue.js';
import { Log } from '../telemetry/log.js';

/** Has the sweep run soon. It runs by itself in any case. */
@Injectable()
export class RevocationJobs {
  constructor(
    private readonly queue: JobQueue,
    private readonly log: Log,
  ) {}

  async add(orgId: OrgId, userId: UserId): Promise<void> {
    try {
      await this.queue.add('removal', `${orgId}-${userId}`, { v: 1 });
    } catch (err) {
      this.log.logger.warn({ err }, 'could not add a job that revokes keys of a member');
    }
  }
}
