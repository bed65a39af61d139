import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Log } from '../telemetry/log.js';
import { AuditStore } from './audit.store.js';
import { formatHead, signatureOf } from './chain.js';

const interval = 5 * 60_000;

/**
 * Writes the head of the audit chain to the log, signed, so that wherever logs are collected there
 * is a copy that nobody can change together with the database.
 */
@Injectable()
export class ChainHeadLog implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: AuditStore,
    private readonly settings: Settings,
    private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
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
      const head = await this.store.chainHead();
      const signature = signatureOf(head, this.settings.secrets[0] ?? '');
      logger.info({ auditHead: `${formatHead(head)}:${signature}` }, 'head of the audit chain');
    } catch (err) {
      logger.warn({ err }, 'could not read the head of the audit chain');
    }
  }
}
