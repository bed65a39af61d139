import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/principal.js';
import { granted, Problem } from '../common/errors.js';
import { newId, type OrgId, type WebhookId } from '../common/ids.js';
import { decodeCursor, toPage, type Page } from '../common/page.js';
import { Settings } from '../config/settings.js';
import type { Committed } from '../database/transactions.js';
import { deliveryView, type DeliveryView } from '../notifications/delivery.dto.js';
import { DeliveryStore } from '../outbox/delivery.store.js';
import { Outbox } from '../outbox/outbox.js';
import { Mutations, type OrgChange } from '../permissions/mutations.js';
import { lockOrg } from '../permissions/row-locks.js';
import { SecretBox } from './secret-box.js';
import { decideTarget } from './target.js';
import {
  webhookView,
  type ChangeWebhook,
  type CreateWebhook,
  type ListWebhooks,
  type WebhookView,
} from './webhook.dto.js';
import type { Webhook } from './webhook.entity.js';
import { WebhookStore } from './webhook.store.js';

/** Each event of an organisation is a row and a request for each of its webhooks. */
const maxWebhooks = 20;

/** A webhook, and what its receiver checks signatures with. */
interface WithSecret {
  webhook: WebhookView;
  secret: string;
}

/** As Standard Webhooks has it: 24 to 64 random bytes in base 64. */
const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

/** For the audit log, which keeps it for ever: paths are often secrets. */
const audited = ({ url, events }: Pick<Webhook, 'url' | 'events'>) => ({
  host: new URL(url).host,
  events,
});

@Injectable()
export class WebhookService {
  constructor(
    private readonly store: WebhookStore,
    private readonly deliveries: DeliveryStore,
    private readonly outbox: Outbox,
    private readonly box: SecretBox,
    private readonly settings: Settings,
    private readonly mutations: Mutations,
  ) {}

  async list(orgId: OrgId, query: ListWebhooks): Promise<Page<WebhookView>> {
    const after = decodeCursor(query.cursor, (value) => value === '');
    const rows = await this.store.list(orgId, query.limit, after);
    return toPage(rows, query.limit, webhookView, ({ id }) => ({ value: '', id }));
  }

  async get(orgId: OrgId, id: WebhookId): Promise<WebhookView> {
    return webhookView(await this.store.get(orgId, id));
  }

  create(caller: Caller, orgId: OrgId, input: CreateWebhook): Promise<Committed<WithSecret>> {
    const { events } = input;
    const url = this.allowed(input.url);
    return this.change(caller, orgId, async ({ tx, record }) => {
      if ((await this.store.count(tx, orgId)) >= maxWebhooks)
        throw new Problem('too_many_webhooks');
      const id = newId('whk');
      const secret = newSecret();
      await this.store.insert(tx, { id, orgId, url, events, secret: this.box.seal(secret, id) });
      const after = audited({ url, events });
      await record({ orgId, action: 'webhook.created', targetId: id, after });
      return { webhook: webhookView(await this.store.get(orgId, id, tx)), secret };
    });
  }

  update(
    caller: Caller,
    orgId: OrgId,
    id: WebhookId,
    input: ChangeWebhook,
  ): Promise<Committed<WebhookView>> {
    if (input.url !== undefined) this.allowed(input.url);
    return this.change(caller, orgId, async ({ tx, record }) => {
      const webhook = await this.store.get(orgId, id, tx);
      const { url = webhook.url, events = webhook.events } = input;
      const isSame =
        JSON.stringify([url, events]) === JSON.stringify([webhook.url, webhook.events]);
      if (!isSame) {
        await this.store.update(tx, id, { url, events });
        const [before, after] = [audited(webhook), audited({ url, events })];
        await record({ orgId, action: 'webhook.changed', targetId: id, before, after });
      }
      return webhookView({ ...webhook, url, events });
    });
  }

  /** Sets a new secret. The one before it signs along for a day, so that no message is missed. */
  rotateSecret(caller: Caller, orgId: OrgId, id: WebhookId): Promise<Committed<WithSecret>> {
    return this.change(caller, orgId, async ({ tx, record }) => {
      const webhook = webhookView(await this.store.get(orgId, id, tx));
      const secret = newSecret();
      await this.store.rotate(tx, id, this.box.seal(secret, id));
      await record({ orgId, action: 'webhook.secret_rotated', targetId: id });
      return { webhook, secret };
    });
  }

  /** Sends a try. */
  ping(caller: Caller, orgId: OrgId, id: WebhookId): Promise<Committed<DeliveryView>> {
    return this.change(caller, orgId, async ({ tx }) => {
      await this.store.get(orgId, id, tx);
      const deliveryId = await this.outbox.send(tx, id, { orgId, type: 'ping' });
      return deliveryView(await this.deliveries.get(deliveryId, tx));
    });
  }

  /** Removes a webhook, and what it has not been sent yet. */
  remove(caller: Caller, orgId: OrgId, id: WebhookId): Promise<Committed<WebhookView>> {
    return this.change(caller, orgId, async ({ tx, record }) => {
      const webhook = await this.store.get(orgId, id, tx);
      await this.store.remove(tx, id);
      const before = audited(webhook);
      await record({ orgId, action: 'webhook.removed', targetId: id, before });
      return webhookView(webhook);
    });
  }

  /** Webhooks of an organisation change one after the other: they are few, and are counted. */
  private change<T extends object>(
    caller: Caller,
    orgId: OrgId,
    work: (change: OrgChange) => Promise<T>,
  ): Promise<Committed<T>> {
    return this.mutations.runIn(caller, orgId, [lockOrg(orgId, 'alter')], work);
  }

  /** @throws Problem `target_not_allowed` */
  private allowed(url: string): string {
    return granted(decideTarget(url, this.settings.allowPrivateWebhooks));
  }
}
