import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { Describe } from '../openapi/describe.decorator.js';
import { JobRetried, JobsView } from './job.dto.js';
import { JobService } from './job.service.js';

@Controller('v1/jobs')
export class JobController {
  constructor(private readonly jobs: JobService) {}

  @Get()
  @Requires('orgs:read')
  @Describe({
    id: 'getJobs',
    tag: 'Jobs',
    summary: 'See which jobs wait, and which have failed',
    description:
      'Mails and messages of webhooks that have failed are among the deliveries: their jobs are only ' +
      'errands.',
    response: JobsView,
  })
  get() {
    return this.jobs.get();
  }

  @Post(':jobKind/:jobId/retry')
  @HttpCode(200)
  @Requires('orgs:admin')
  @Describe({
    id: 'retryJob',
    tag: 'Jobs',
    summary: 'Retry a failed job',
    description: 'The response shows the job as it was.',
    response: JobRetried,
  })
  retry(
    @CurrentCaller() caller: Caller,
    @Param('jobKind') kind: string,
    @Param('jobId') jobId: string,
  ) {
    return this.jobs.retry(caller, kind, jobId);
  }
}
