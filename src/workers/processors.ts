import { Injectable } from '@nestjs/common';
import { readPayload, type JobName, type Payload } from '../queue/jobs.js';
import { UsageStore } from '../usage/usage.store.js';

type Processor = (data: unknown) => Promise<void>;

function processor<Name extends JobName>(
  name: Name,
  run: (payload: Payload<Name>) => Promise<void>,
): Processor {
  return (data) => run(readPayload(name, data));
}

/** What runs each kind of job. Whatever it does, doing it again must change nothing. */
@Injectable()
export class Processors {
  readonly byName: Readonly<Record<JobName, Processor>>;

  constructor(usage: UsageStore) {
    this.byName = {
      usage: processor('usage', (flush) => usage.count(flush)),
    };
  }
}
