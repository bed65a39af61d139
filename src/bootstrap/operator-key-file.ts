import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { judge } from '../permissions/judge.js';
import { Log } from '../telemetry/log.js';
import { FirstUse } from '../verification/first-use.js';
import { Verifier, type Finding } from '../verification/verifier.js';

const maxAttempts = 20;
/** Milliseconds between two of them. */
const pause = 200;

/** Keeps a new operator key for its first reader, and no longer than until it is used. */
@Injectable()
export class OperatorKeyFile {
  readonly path: string;

  constructor(
    private readonly settings: Settings,
    private readonly log: Log,
    private readonly verifier: Verifier,
    private readonly firstUse: FirstUse,
  ) {
    this.path = join(settings.dataDir, 'operator-key');
  }

  async write(secret: string): Promise<void> {
    await mkdir(this.settings.dataDir, { recursive: true, mode: 0o700 });
    // Replaced, not rewritten: the mode counts only for a file that is made.
    await rm(this.path, { force: true });
    await writeFile(this.path, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  }

  /** Removes the file as soon as this process has seen its key being used. */
  async removeOnFirstUse(): Promise<void> {
    const secret = await readFile(this.path, 'utf8').catch(() => undefined);
    if (secret === undefined) return;
    // Not through the verifier's own judgement: to look is no use.
    const found = await this.find(secret.trim());
    if (found === undefined) return;
    const verdict = judge(found.facts, found.reading.now, undefined);
    if (!verdict.good) return;
    this.firstUse.watch(verdict.principal.key.id, () => {
      void rm(this.path, { force: true }).then(
        () => {
          this.log.logger.info({ path: this.path }, 'operator key used: its file is removed');
        },
        (err: unknown) => {
          this.log.logger.warn({ err, path: this.path }, 'remove this file: its key is in use');
        },
      );
    });
  }

  /** The first answer of a database can take longer than a request would wait for one. */
  private async find(secret: string): Promise<Finding | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await this.verifier.find(secret))[0];
      } catch (error) {
        if (attempt === maxAttempts) throw error;
        await delay(pause);
      }
    }
  }
}
