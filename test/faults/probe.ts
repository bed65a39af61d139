import type { Node } from './cluster.js';
import type { NodeReadKind } from './history.js';
import type { NodeResponse, Request } from './http.js';

/** Whose key is asked for, and for what. */
export interface Question {
  secret: string;
  permission: string;
  /** A key that may ask for all others. */
  verifierKey: string;
}

/** `unavailable` is a 503. */
export type Decision = 'allowed' | 'refused' | 'unavailable';

export interface Probe {
  decision: Decision;
  response: NodeResponse;
}

export const ways: readonly NodeReadKind[] = ['verify', 'verify-batch', 'whoami', 'forward-auth'];

function requestFor(way: NodeReadKind, { secret, permission, verifierKey }: Question): Request {
  switch (way) {
    case 'verify':
      return {
        method: 'POST',
        path: '/v1/verify',
        key: verifierKey,
        body: { key: secret, permission },
      };
    case 'verify-batch':
      return {
        method: 'POST',
        path: '/v1/verify/batch',
        key: verifierKey,
        body: { questions: [{ key: verifierKey }, { key: secret, permission }] },
      };
    case 'whoami':
      return { method: 'GET', path: '/v1/whoami', key: secret };
    case 'forward-auth':
      return { method: 'GET', path: `/v1/forward-auth/${permission}`, key: secret };
  }
}

function isAllowed(way: NodeReadKind, { status, body }: NodeResponse, permission: string): boolean {
  if (way === 'verify' && status === 200) return body.valid as boolean;
  if (way === 'verify-batch' && status === 200) return body.results[1].valid as boolean;
  if (way === 'whoami' && status === 200) {
    return (body.permissions as string[]).includes(permission);
  }
  if (way === 'forward-auth' && status === 204) return true;
  const isAboutItself = way === 'whoami' || way === 'forward-auth';
  if (isAboutItself && (status === 401 || status === 403)) return false;
  throw new Error(`${way} responded with ${status}`);
}

/**
 * Asks a node whether a key is valid and holds the permission.
 *
 * @throws when there is no response, or one that is never due
 */
export async function probe(node: Node, way: NodeReadKind, question: Question): Promise<Probe> {
  const response = await node.client.request(requestFor(way, question));
  if (response.status === 503) return { decision: 'unavailable', response };
  const decision = isAllowed(way, response, question.permission) ? 'allowed' : 'refused';
  return { decision, response };
}

/** Asks these nodes in every way at once. A 503 is no decision: that one is asked again. */
export function probeAll(nodes: readonly Node[], question: Question): Promise<Decision[]> {
  const insist = async (node: Node, way: NodeReadKind): Promise<Decision> => {
    for (;;) {
      const { decision } = await probe(node, way, question);
      if (decision !== 'unavailable') return decision;
    }
  };
  return Promise.all(nodes.flatMap((node) => ways.map((way) => insist(node, way))));
}
