import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import type { RepeatableCaller } from '../changes/idempotency/idempotency.js';
import { Mutations, type OrgChange } from '../changes/mutations.js';
import { lockOrg } from '../changes/row-locks.js';
import { granted, Problem } from '../common/errors.js';
import { newId, type OrgId, type WebhookId } from '../common/ids.js';
import { readCursor, toPage, type Page } from '../common/page.js';
import { Settings } from '../config/settings.js';
import type { Committed } from '../database/transactions.js';
import { DeliveryStore } from '../notifications/delivery.store.js';
import { Outbox } from '../notifications/outbox.js';
import { deliveryView, type DeliveryView } from '../operations/delivery.dto.js';
import { OrgStore } from '../orgs/org.store.js';
import { insufficientPermission, isForeign } from '../permissions/authorise.js';
import { decideHearing, lackingToHear } from './hearing.js';
import { SecretBox } from './secret-box.js';
import { decideTarget } from './target.js';
import {
  ListWebhooks,
  webhookView,
  type ChangeWebhook,
  type CreateWebhook,
  type WebhookView,
} from './webhook.dto.js';
import type { Webhook } from './webhook.entity.js';
import { WebhookStore } from './webhook.store.js';

/** Each event of an organisation is a row and a request for each of its webhooks. */
const maxWebhooks = 20;

/** A webhook, and the secret with which its receiver checks signatures. */
interface WithSecret {
  webhook: WebhookView;
  secret: string;
}

/** As Standard Webhooks requires: 24 to 64 random bytes in base 64. */
const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

/** For the audit log, which is permanent: paths are often secrets. */
const audited = ({ url, events }: Pick<Webhook, 'url' | 'events'>) => ({
  host: new URL(url).host,
  events,
});

@Injectable()
export class WebhookService {
  constructor(
    private readonly store: WebhookStore,
    private readonly orgs: OrgStore,
    private readonly deliveries: DeliveryStore,
    private readonly outbox: Outbox,
    private readonly box: SecretBox,
    private readonly settings: Settings,
    private readonly mutations: Mutations,
  ) {}

  async list(orgId: OrgId, query: ListWebhooks): Promise<Page<WebhookView>> {
    const { after } = readCursor(ListWebhooks, query, (value) => value === '');
    const rows = await this.store.list(orgId, query.limit, after);
    return toPage(rows, query, webhookView, ({ id }) => ({ value: '', id }));
  }

  async get(orgId: OrgId, id: WebhookId): Promise<WebhookView> {
    return webhookView(await this.store.get(orgId, id));
  }

  /**
   * Refuses callers who cannot read what a webhook receives, and so what it was sent.
   *
   * @throws Problem `not_found`, `insufficient_permission`
   */
  async assertAudible({ principal }: Caller, orgId: OrgId, id: WebhookId): Promise<void> {
    const { events } = await this.store.get(orgId, id);
    // Operators are managers everywhere.
    if (isForeign(principal, orgId)) return;
    const lacking = lackingToHear(events, principal.permissions, await this.orgs.get(orgId));
    if (lacking !== undefined) throw insufficientPermission(lacking);
  }

  /** @throws Problem `exceeds_issuer` if the events contain more than the caller can read */
  create(
    caller: RepeatableCaller,
    orgId: OrgId,
    input: CreateWebhook,
  ): Promise<Committed<WithSecret>> {
    const { events } = input;
    const url = this.allowed(input.url.href);
    return this.change(caller, orgId, async ({ tx, me, org, record }) => {
      granted(decideHearing(events, me.permissions, org));
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

  /**
   * Waiting deliveries go to a new URL, too, and are in the delivery log: so the caller has to be able
   * to read the events that the webhook received until now, as well as the new ones.
   *
   * @throws Problem `exceeds_issuer`
   */
  update(
    caller: Caller,
    orgId: OrgId,
    id: WebhookId,
    input: ChangeWebhook,
  ): Promise<Committed<WebhookView>> {
    if (input.url !== undefined) this.allowed(input.url.href);
    return this.change(caller, orgId, async ({ tx, me, org, record }) => {
      const webhook = await this.store.get(orgId, id, tx);
      const { events = webhook.events } = input;
      const url = input.url?.href ?? webhook.url;
      const isSame =
        JSON.stringify([url, events]) === JSON.stringify([webhook.url, webhook.events]);
      if (!isSame) {
        granted(decideHearing(webhook.events, me.permissions, org));
        granted(decideHearing(events, me.permissions, org));
        await this.store.update(tx, id, { url, events });
        const [before, after] = [audited(webhook), audited({ url, events })];
        await record({ orgId, action: 'webhook.changed', targetId: id, before, after });
      }
      return webhookView({ ...webhook, url, events });
    });
  }

  /**
   * Sets a new secret. The previous one is also used for signatures for a day, so that no message is
   * lost.
   *
   * @throws Problem `exceeds_issuer`
   */
  rotateSecret(
    caller: RepeatableCaller,
    orgId: OrgId,
    id: WebhookId,
  ): Promise<Committed<WithSecret>> {
    return this.change(caller, orgId, async ({ tx, me, org, record }) => {
      const webhook = webhookView(await this.store.get(orgId, id, tx));
      granted(decideHearing(webhook.events, me.permissions, org));
      const secret = newSecret();
      await this.store.rotate(tx, id, this.box.seal(secret, id));
      await record({ orgId, action: 'webhook.secret_rotated', targetId: id });
      return { webhook, secret };
    });
  }

  /**
   * Sends a test event, at most one a second to each webhook.
   *
   * @throws Problem `too_many_requests`
   */
  ping(caller: Caller, orgId: OrgId, id: WebhookId): Promise<Committed<DeliveryView>> {
    return this.change(caller, orgId, async ({ tx, record }) => {
      await this.store.get(orgId, id, tx);
      if (!(await this.store.notePing(tx, id))) {
        const detail = 'A webhook is sent at most one test event a second.';
        throw new Problem('too_many_requests', detail, { retryAfter: 1 });
      }
      const deliveryId = await this.outbox.send(tx, id, { orgId, type: 'ping' });
      await record({ orgId, action: 'webhook.pinged', targetId: id, after: { deliveryId } });
      return deliveryView(await this.deliveries.get(deliveryId, tx));
    });
  }

  /** Removes a webhook, and its waiting deliveries. */
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
    caller: RepeatableCaller,
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
