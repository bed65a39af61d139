import type { Pool } from 'pg';
import type { Organisation } from './organisation.js';

export interface CreatedWebhook {
  id: string;
  secret: string;
  /** Below the organisation: `org.path(webhook.path)`. */
  path: string;
  body: Record<string, unknown>;
}

/** A new webhook of an organisation. */
export async function createWebhook(
  org: Organisation,
  input: Record<string, unknown> = {},
): Promise<CreatedWebhook> {
  const created = await org.manager.post(org.path('/webhooks'), {
    url: 'https://hooks.example.com/keyfence',
    ...input,
  });
  if (created.status !== 201) throw new Error(`no webhook: ${created.text}`);
  const { id } = created.body.webhook;
  return {
    id,
    secret: created.body.secret,
    path: `/webhooks/${id}`,
    body: created.body.webhook,
  };
}

/** Lets a second pass for all webhooks: they can be sent a test event again. */
export async function passUntilTestEvent(db: Pool): Promise<void> {
  await db.query(`UPDATE webhooks SET pinged_at = pinged_at - interval '1 second'`);
}
