import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Requires } from '../auth/access.decorator.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import type { Caller } from '../auth/principal.js';
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
    summary: 'See what jobs wait, and which have failed',
    description:
      'Mails and messages of webhooks that have failed are among the deliveries: their jobs are only ' +
      'errands.',
    answer: JobsView,
  })
  look() {
    return this.jobs.look();
  }

  @Post(':jobKind/:jobId/retry')
  @HttpCode(200)
  @Requires('orgs:admin')
  @Describe({
    id: 'retryJob',
    tag: 'Jobs',
    summary: 'Try again what has failed',
    description: 'The answer shows the job as it was.',
    answer: JobRetried,
  })
  retry(
    @CurrentCaller() caller: Caller,
    @Param('jobKind') kind: string,
    @Param('jobId') jobId: string,
  ) {
    return this.jobs.retry(caller, kind, jobId);
  }
}
