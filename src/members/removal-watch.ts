import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Log } from '../telemetry/log.js';
import { RemovalSweep, type Pace } from './removal-sweep.js';

const interval = 15_000;

/** Only what workers have left alone, and more slowly than they: requests come first here. */
const reluctant: Pace = { idleSeconds: 60, minAgeSeconds: 60, pauseFactor: 10 };

/** Finishes removals if no worker does: keys are revoked even if no process runs jobs. */
@Injectable()
export class RemovalWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private round = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly sweep: RemovalSweep,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private schedule(): void {
    if (this.isStopping) return;
    this.timer = setTimeout(() => {
      this.round = this.runSweep().then(() => {
        this.schedule();
      });
    }, interval).unref();
  }

  private async runSweep(): Promise<void> {
    try {
      await this.sweep.run(reluctant);
    } catch (err) {
      this.log.logger.warn({ err }, 'could not finish the removal of members');
    }
  }
}
