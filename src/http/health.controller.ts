import { Controller, Get } from '@nestjs/common';
import { Public } from '../auth/access.decorator.js';
import { Describes, Literally } from '../common/fields.js';
import { Describe } from '../openapi/describe.decorator.js';
import { Verifier } from '../verification/verifier.js';

@Describes({ id: 'Health', example: { status: 'ok' } })
class Health {
  @Literally('ok')
  status!: 'ok';
}

@Controller()
export class HealthController {
  constructor(private readonly verifier: Verifier) {}

  /** Whether the process runs. It does not ask the database: a restart would not help that. */
  @Get('livez')
  @Public()
  @Describe({
    id: 'getLiveness',
    tag: 'Service',
    summary: 'See whether the process runs',
    response: Health,
  })
  live(): Health {
    return { status: 'ok' };
  }

  /** Whether requests can be served: asks the database. 503 otherwise. */
  @Get('readyz')
  @Public()
  @Describe({
    id: 'getReadiness',
    tag: 'Service',
    summary: 'See whether requests can be served',
    description: 'Asks the database.',
    response: Health,
    problems: ['unavailable'],
  })
  async ready(): Promise<Health> {
    await this.verifier.ping();
    return { status: 'ok' };
  }
}
