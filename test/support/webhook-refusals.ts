import { expect, it } from '@jest/globals';
import type { ApiResponse, Caller } from './client.js';
import type { Organisation } from './organisation.js';
import { expectProblem, malformedIds, withoutTrace } from './refusals.js';
import type { Service } from './service.js';
import { createWebhook } from './webhooks.js';

interface WebhookRoute {
  service: () => Service;
  org: () => Organisation;
  other: () => Organisation;
  /** A request that succeeds for a webhook of the organisation. */
  send: (
    who: Pick<Caller, 'call' | 'get' | 'post' | 'patch' | 'delete'>,
    path: string,
  ) => Promise<ApiResponse>;
}

/** What every route of one webhook responds with where there is none. */
export function itKnowsItsWebhooks({ service, org, other, send }: WebhookRoute): void {
  it('responds with the same for a webhook of others, a missing one, and ids of something else', async () => {
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
        const response = await withoutTrace(service(), () => send(who, path));
        expect({ id, status: response.status }).toEqual({ id, status: 404 });
        expectProblem(response, 404, 'not_found');
        bodies.add(response.text);
      }
    }
    expect([...bodies]).toHaveLength(1);
  });
}
