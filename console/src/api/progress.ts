import { queryOptions } from '@tanstack/react-query';
import { answerOf, api, type Key } from './client';
import type { Org } from './orgs';

export interface Progress {
  /** The first organisation of a customer, if there is one. */
  org: Org | undefined;
  hasManager: boolean;
  hasServiceKey: boolean;
  /** A service has verified a key. */
  hasVerified: boolean;
}

/** A key that verifies others and does nothing else. */
const isServiceKey = ({ permissions }: Key) =>
  permissions?.every((each) => each === 'verify:read') ?? false;

async function hasManagerIn(orgId: string): Promise<boolean> {
  const { items } = await answerOf(
    api.GET('/v1/orgs/{orgId}/members', { params: { path: { orgId }, query: { limit: 100 } } }),
  );
  return items.some(({ role, kind }) => role === 'manager' && kind === 'person');
}

/** How far a new installation is. An old one has verified keys, so that a part of its lists is enough. */
export const progressQuery = (operatorId: string) =>
  queryOptions({
    queryKey: ['orgs', 'progress'],
    queryFn: async (): Promise<Progress> => {
      const [orgs, keys] = await Promise.all([
        answerOf(api.GET('/v1/orgs', { params: { query: { limit: 100 } } })),
        answerOf(
          api.GET('/v1/orgs/{orgId}/keys', {
            params: { path: { orgId: operatorId }, query: { limit: 100 } },
          }),
        ),
      ]);
      const customers = orgs.items.filter(({ kind }) => kind === 'customer');
      const org = customers.find(({ grants }) => grants.length > 0) ?? customers[0];
      const serviceKeys = keys.items.filter(isServiceKey);
      const isLarge = orgs.nextCursor !== null || keys.nextCursor !== null;
      return {
        org,
        hasManager: org !== undefined && (await hasManagerIn(org.id)),
        hasServiceKey: serviceKeys.some(({ state }) => state === 'active'),
        hasVerified: isLarge || serviceKeys.some(({ uses }) => uses > 0),
      };
    },
    refetchInterval: 15_000,
  });
