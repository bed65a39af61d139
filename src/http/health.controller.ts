import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { Public } from '../auth/access.decorator.js';
import { Describe } from '../openapi/describe.decorator.js';
import { Verifier } from '../verification/verifier.js';

const Health = z
  .strictObject({ status: z.literal('ok') })
  .meta({ id: 'Health', examples: [{ status: 'ok' }] });
type Health = z.infer<typeof Health>;

@Controller()
export class HealthController {
  constructor(private readonly verifier: Verifier) {}

  /** Whether the process runs. Says nothing of the database: restarting would not heal that. */
  @Get('livez')
  @Public()
  @Describe({
    id: 'getLiveness',
    tag: 'Service',
    summary: 'See whether the process runs',
    answer: Health,
  })
  live(): Health {
    return { status: 'ok' };
  }

  /** Whether requests can be answered: asks the database. 503 otherwise. */
  @Get('readyz')
  @Public()
  @Describe({
    id: 'getReadiness',
    tag: 'Service',
    summary: 'See whether requests can be answered',
    description: 'Asks the database.',
    answer: Health,
    problems: ['unavailable'],
  })
  async ready(): Promise<Health> {
    await this.verifier.ping();
    return { status: 'ok' };
  }
}
