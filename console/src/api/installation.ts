import { queryOptions, useQuery } from '@tanstack/react-query';
import icon from '../icon.svg';
import { usualScopes } from '../lib/words';
import { answerOf, api, type components, type Key } from './client';

type Schemas = components['schemas'];
export type Installation = Schemas['Installation'];
export type DataPermission = Schemas['DataPermission'];
export type ScopeTexts = Record<Key['scope'], { name: string; meaning: string }>;

/** Settings of the whole installation, for operators. */
export const installationQuery = queryOptions({
  queryKey: ['installation'],
  queryFn: () => answerOf(api.GET('/v1/installation')),
});

export const changeInstallation = (body: Schemas['ChangeInstallation']) =>
  answerOf(api.PATCH('/v1/installation', { body }));

const appearanceQuery = queryOptions({
  queryKey: ['appearance'],
  queryFn: () => answerOf(api.GET('/v1/installation/appearance')),
  staleTime: 60_000,
});

/** What the product is called and looks like, as operators have set it. */
export function useAppearance(): { name: string; logo: string; scopes: ScopeTexts } {
  const { data, isPending } = useQuery(appearanceQuery);
  return {
    // Nobody should see our name flash by in their product.
    name: data?.productName ?? (isPending ? '' : 'Keyfence'),
    logo: data?.logo ?? icon,
    scopes: data?.scopeTexts ?? usualScopes,
  };
}

const dataPermissionsQuery = queryOptions({
  queryKey: ['data-permissions'],
  queryFn: () => answerOf(api.GET('/v1/installation/data-permissions')),
  staleTime: 60_000,
});

/** What data permissions mean, as far as operators have described them, by permission. */
export function usePermissionTexts(): ReadonlyMap<string, string> {
  const { data } = useQuery(dataPermissionsQuery);
  return new Map(data?.items.map(({ permission, description }) => [permission, description]));
}
