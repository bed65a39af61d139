import { setTimeout as delay } from 'node:timers/promises';
import { greatestBounds } from '../support/bounds.js';
import type { Method } from '../support/client.js';
import type { Cluster, Node } from './cluster.js';
import type { NodeResponse } from './http.js';

/** What keys of a team may do, as long as nobody restricts them. */
export const granted = ['data:read', 'data:write', 'log:read'];

/** A key, and what is asked about it. */
export interface TeamKey {
  id: string;
  secret: string;
}

/** An organisation with one service whose keys are asked for, and somebody who manages it. */
export class Team {
  private constructor(
    private readonly cluster: Cluster,
    readonly orgId: string,
    readonly ownerId: string,
    /** A key that can verify all others, and nothing else. */
    readonly verifierKey: string,
  ) {}

  static async create(cluster: Cluster): Promise<Team> {
    const [node] = cluster.nodes as [Node];
    const call = (method: Method, path: string, body?: unknown) =>
      insist(() => node.client.request({ method, path, key: cluster.operatorKey, body }));
    const self = await call('GET', '/v1/whoami');
    const { secret } = await call('POST', `/v1/orgs/${self.orgId}/keys`, {
      name: 'verifier',
      scope: 'read',
      permissions: ['verify:read'],
    });
    const org = await call('POST', '/v1/orgs', { name: 'Acme', slug: 'acme', grants: granted });
    await call('PUT', `/v1/orgs/${org.id}/bounds`, greatestBounds);
    const path = `/v1/orgs/${org.id}/service-accounts`;
    await call('POST', path, { name: 'in charge', role: 'manager' });
    const owner = await call('POST', path, { name: 'a service', role: 'member' });
    return new Team(cluster, org.id as string, owner.userId as string, secret as string);
  }

  path(rest = ''): string {
    return `/v1/orgs/${this.orgId}${rest}`;
  }

  /** Asks a node for a change, as the operator. */
  call(node: Node, method: Method, path: string, body?: unknown): Promise<NodeResponse> {
    return node.client.request({ method, path, key: this.cluster.operatorKey, body });
  }

  /** As `call`, until it succeeds: a busy machine may respond with 503 before, and a removal has to be over. */
  async change(
    node: Node,
    method: Method,
    path: string,
    body?: unknown,
  ): Promise<NodeResponse['body']> {
    return insist(() => this.call(node, method, path, body));
  }

  async createKey(node: Node): Promise<TeamKey> {
    const { key, secret } = await this.change(node, 'POST', this.path('/keys'), {
      name: 'a key',
      scope: 'read-write',
      permissions: granted,
      ownerId: this.ownerId,
    });
    return { id: key.id as string, secret: secret as string };
  }

  /** What to ask about a key. */
  about({ secret }: TeamKey, permission = 'data:read') {
    return { secret, permission, verifierKey: this.verifierKey };
  }
}

async function insist(call: () => Promise<NodeResponse>): Promise<NodeResponse['body']> {
  for (;;) {
    const { status, body } = await call();
    if (status < 300) return body;
    if (body.code === 'removal_under_way') await delay(1_000);
    else if (status !== 503) throw new Error(`got ${status}: ${JSON.stringify(body)}`);
  }
}
