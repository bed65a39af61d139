import { Controller, Get } from '@nestjs/common';
import { Public } from '../auth/access.decorator.js';
import { Verifier } from '../verification/verifier.js';

@Controller()
export class HealthController {
  constructor(private readonly verifier: Verifier) {}

  /** Whether the process runs. Says nothing of the database: restarting would not heal that. */
  @Get('livez')
  @Public()
  live() {
    return { status: 'ok' };
  }

  /** Whether requests can be answered: asks the database. 503 otherwise. */
  @Get('readyz')
  @Public()
  async ready() {
    await this.verifier.ping();
    return { status: 'ok' };
  }
}
