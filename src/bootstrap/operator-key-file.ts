import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { judge } from '../permissions/judge.js';
import { Log } from '../telemetry/log.js';
import { FirstUse } from '../verification/first-use.js';
import { Verifier, type Finding } from '../verification/verifier.js';
import { makeDataDir } from './data-dir.js';

const maxAttempts = 20;
/** Milliseconds between two attempts. */
const pause = 200;

/** Stores a new operator key in a file for its first reader, until the key is used. */
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
    await makeDataDir(this.settings.dataDir);
    // Replaced, not rewritten: the mode applies only to a new file.
    await rm(this.path, { force: true });
    await writeFile(this.path, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  }

  /**
   * Removes the file as soon as this process has seen its key in use.
   *
   * @returns whether there is such a file, with a valid key
   */
  async removeOnFirstUse(): Promise<boolean> {
    const secret = await readFile(this.path, 'utf8').catch(() => undefined);
    if (secret === undefined) return false;
    // Not through `Verifier.judge`, which would count as a use.
    const found = await this.find(secret.trim());
    if (found === undefined) return false;
    const decision = judge(found.facts, found.reading.now, undefined);
    if (!decision.good) return false;
    this.firstUse.watch(decision.principal.key.id, () => {
      void rm(this.path, { force: true }).then(
        () => {
          this.log.logger.info({ path: this.path }, 'operator key used: its file is removed');
        },
        (err: unknown) => {
          this.log.logger.warn({ err, path: this.path }, 'remove this file: its key is in use');
        },
      );
    });
    return true;
  }

  /** The first query of a database can take longer than a request would wait for it. */
  private async find(secret: string): Promise<Finding | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.verifier.findOne(secret);
      } catch (error) {
        if (attempt === maxAttempts) throw error;
        await delay(pause);
      }
    }
  }
}
