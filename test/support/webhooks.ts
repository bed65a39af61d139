import { it } from 'node:test';
import { expect } from 'expect';
import type { Answer, Caller } from './client.js';
import type { Organisation } from './organisation.js';
import { expectProblem, malformedIds, withoutTrace } from './refusals.js';
import type { Service } from './service.js';

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

interface WebhookRoute {
  service: () => Service;
  org: () => Organisation;
  other: () => Organisation;
  /** A request that succeeds for a webhook of the organisation. */
  send: (
    who: Pick<Caller, 'call' | 'get' | 'post' | 'patch' | 'delete'>,
    path: string,
  ) => Promise<Answer>;
}

/** What every route of one webhook answers where there is none. */
export function itKnowsItsWebhooks({ service, org, other, send }: WebhookRoute): void {
  void it('answers the same for a webhook of others, a missing one, and ids of something else', async () => {
    const foreign = await createWebhook(other());
    const ids = [
      foreign.id,
      'whk_01h455vb4pex5vsknk084sn02q',
      org().manager.keyId,
      ...malformedIds,
    ];
    const bodies = new Set<string>();
    for (const id of ids) {
      for (const who of [org().manager, service().operator]) {
        const path = org().path(`/webhooks/${id}`);
        const answer = await withoutTrace(service(), () => send(who, path));
        expect({ id, status: answer.status }).toEqual({ id, status: 404 });
        expectProblem(answer, 404, 'not_found');
        bodies.add(answer.text);
      }
    }
    expect([...bodies]).toHaveLength(1);
  });
}
