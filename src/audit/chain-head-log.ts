import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Log } from '../telemetry/log.js';
import { AuditStore, type ChainState } from './audit.store.js';
import { formatHead, genesis, signatureOf } from './chain.js';
import { readRememberedHead, writeRememberedHead, type RememberedHead } from './remembered-head.js';

const interval = 5 * 60_000;

/**
 * Logs the head of the audit chain, signed. So there is a copy, wherever logs are collected, that
 * nobody can change together with the database. A chain that does not continue the last logged head is
 * an error, and is not signed.
 */
@Injectable()
export class ChainHeadLog implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private last: RememberedHead | undefined;
  private canRemember = true;

  constructor(
    private readonly store: AuditStore,
    private readonly settings: Settings,
    private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    try {
      this.last = await readRememberedHead(this.settings.dataDir);
    } catch (err) {
      this.log.logger.warn({ err }, 'could not read which head of the audit chain was logged last');
    }
    await this.write();
    this.timer = setInterval(() => void this.write(), interval).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.write();
  }

  private async write(): Promise<void> {
    const { logger } = this.log;
    try {
      const { last = { head: genesis, epoch: '' } } = this;
      const found = await this.store.chainHead(last.head.seq);
      if (!continues(found, last) && !this.goesOnFrom(found, last)) return;
      const { head, epoch } = found;
      const signature = signatureOf(head, this.settings.secrets[0] ?? '');
      logger.info({ auditHead: `${formatHead(head)}:${signature}` }, 'head of the audit chain');
      await this.remember({ head, epoch });
    } catch (err) {
      logger.warn({ err }, 'could not read the head of the audit chain');
    }
  }

  /**
   * Logs the error. @returns whether to continue with the new chain: a restore has been marked since.
   * Until then the error is repeated, and the old head is remembered.
   */
  private goesOnFrom({ head, epoch }: ChainState, last: RememberedHead): boolean {
    const isMarked = epoch !== last.epoch;
    this.log.logger.error(
      { known: formatHead(last.head), found: formatHead(head), isMarked },
      isMarked
        ? 'the audit chain does not continue the head that was logged last: a restore was marked since, ' +
            'or this is another database'
        : 'the audit chain does not continue the head that was logged last: rows were rewritten or ' +
            'cut off, or the database was restored and restore-mark has not run',
    );
    return isMarked;
  }

  /** In memory in any case; on disk for the next process. */
  private async remember(head: RememberedHead): Promise<void> {
    this.last = head;
    if (!this.canRemember) return;
    try {
      await writeRememberedHead(this.settings.dataDir, head);
    } catch (err) {
      this.canRemember = false;
      this.log.logger.warn(
        { err },
        'could not store the head of the audit chain: it is remembered only until the stop',
      );
    }
  }
}

function continues({ head, earlier }: ChainState, { head: last }: RememberedHead): boolean {
  return last.seq === 0 || (head.seq >= last.seq && earlier === last.hash);
}
