import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { sealed } from '../lib/secret';
import { answerOf, api, type components } from './client';

type Schemas = components['schemas'];
export type Webhook = Schemas['Webhook'];
export type Delivery = Schemas['Delivery'];
export type NewWebhook = Schemas['CreateWebhook'];

/** The filters of the delivery log. They are in the URL. */
export interface DeliverySearch {
  state?: Delivery['state'];
  cursor?: string;
}

const one = '/v1/orgs/{orgId}/webhooks/{webhookId}';

/** As many as an organisation can have. */
export const webhooksQuery = (orgId: string) =>
  queryOptions({
    queryKey: ['webhooks', orgId],
    queryFn: () =>
      answerOf(
        api.GET('/v1/orgs/{orgId}/webhooks', {
          params: { path: { orgId }, query: { limit: 100 } },
        }),
      ),
  });

export const webhookQuery = (orgId: string, webhookId: string) =>
  queryOptions({
    queryKey: ['webhook', orgId, webhookId],
    queryFn: () => answerOf(api.GET(one, { params: { path: { orgId, webhookId } } })),
  });

export const deliveriesQuery = (orgId: string, webhookId: string, search: DeliverySearch) =>
  queryOptions({
    queryKey: ['deliveries', orgId, webhookId, search],
    queryFn: () =>
      answerOf(
        api.GET(`${one}/deliveries`, {
          params: { path: { orgId, webhookId }, query: { ...search, limit: 25 } },
        }),
      ),
    placeholderData: keepPreviousData,
    // What waits is sent within seconds.
    refetchInterval: 5_000,
  });

export const createWebhook = (orgId: string, body: NewWebhook, attempt: string) =>
  answerOf(
    api.POST('/v1/orgs/{orgId}/webhooks', {
      params: { path: { orgId }, header: { 'Idempotency-Key': attempt } },
      body,
    }),
  ).then(sealed);

export const changeWebhook = ({ orgId, id: webhookId }: Webhook, body: NewWebhook) =>
  answerOf(api.PATCH(one, { params: { path: { orgId, webhookId } }, body }));

export const removeWebhook = ({ orgId, id: webhookId }: Webhook) =>
  answerOf(api.DELETE(one, { params: { path: { orgId, webhookId } } }));

export const rotateSecret = ({ orgId, id: webhookId }: Webhook, attempt: string) =>
  answerOf(
    api.POST(`${one}/rotate-secret`, {
      params: { path: { orgId, webhookId }, header: { 'Idempotency-Key': attempt } },
    }),
  ).then(sealed);

/** Sends a test event. The delivery log shows the result. */
export const pingWebhook = ({ orgId, id: webhookId }: Webhook) =>
  answerOf(api.POST(`${one}/ping`, { params: { path: { orgId, webhookId } } }));

export const retryDelivery = ({ orgId, id: webhookId }: Webhook, deliveryId: string) =>
  answerOf(
    api.POST(`${one}/deliveries/{deliveryId}/retry`, {
      params: { path: { orgId, webhookId, deliveryId } },
    }),
  );
