import { Injectable } from '@nestjs/common';
import { KeyStore } from '../keys/key.store.js';
import { Log } from '../telemetry/log.js';

const days = 14;
const named = 20;

/** Finds keys of the operators, and of services that verify keys, that end soon. */
@Injectable()
export class EndingKeys {
  constructor(
    private readonly keys: KeyStore,
    private readonly log: Log,
  ) {}

  /** Logs them: without its key a service verifies nothing, and an operator is locked out. */
  async report(): Promise<void> {
    const keys = await this.keys.endingOfOperators(days, named + 1);
    if (keys.length === 0) return;
    const count = keys.length > named ? `more than ${named}` : String(keys.length);
    this.log.logger.warn(
      { keys: keys.slice(0, named) },
      `keys of the operator organisation end within ${days} days (${count}): create others before`,
    );
  }
}
