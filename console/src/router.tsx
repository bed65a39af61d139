import {
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { queries } from './api/queries';
import { sessionQuery } from './api/session';
import type { KeySearch } from './api/keys';
import { Failure, NotFound } from './components/failure';
import { Shell } from './components/shell';
import { lastOrgId } from './lib/last-org';
import { KeyPage } from './pages/keys/key-page';
import { KeysPage } from './pages/keys/keys-page';
import { NoOrganisation } from './pages/no-organisation';
import { SignInPage } from './pages/sign-in';

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

/** Where to go on after signing in: only a path of ours, so that no link can lead elsewhere. */
const pathOnly = (value: unknown) =>
  typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined;

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: ({ back }: Record<string, unknown>) => ({ back: pathOnly(back) }),
  component: SignInPage,
});

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    const session = await queries.query({ ...sessionQuery, staleTime: 'static' });
    if (session !== null) return;
    const back = location.pathname === '/' ? undefined : location.href;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how this router is told
    throw redirect({ to: '/sign-in', search: { back } });
  },
  component: Shell,
  errorComponent: ({ error }) => <Failure error={error as Error} />,
});

const homeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  beforeLoad: async () => {
    const session = await queries.query({ ...sessionQuery, staleTime: 'static' });
    const all = session?.organisations.filter(({ status }) => status === 'active') ?? [];
    const org = all.find(({ id }) => id === lastOrgId()) ?? all[0];
    if (org === undefined) return;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how this router is told
    throw redirect({ to: '/$orgId/configuration/api-keys', params: { orgId: org.id } });
  },
  component: NoOrganisation,
});

const oneOf = <T extends string>(value: unknown, all: readonly T[]): T | undefined =>
  all.find((each) => each === value);

/** Without what is undefined, so that URLs stay short. */
function keySearch(input: Record<string, unknown>): KeySearch {
  const { search, cursor } = input;
  const all: KeySearch = {
    search: typeof search === 'string' && search !== '' ? search.slice(0, 100) : undefined,
    state: oneOf(input.state, ['active', 'expired', 'revoked']),
    sort: oneOf(input.sort, ['created', 'name', 'expires']),
    order: oneOf(input.order, ['asc', 'desc']),
    cursor: typeof cursor === 'string' ? cursor : undefined,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

const keysRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$orgId/configuration/api-keys',
  validateSearch: keySearch,
  component: KeysPage,
});

const keyRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$orgId/configuration/api-keys/$keyId',
  component: KeyPage,
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    signedInRoute.addChildren([homeRoute, keysRoute, keyRoute]),
  ]),
  defaultPreload: false,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

// A session that ended elsewhere, or just now, shows at once and not with the next click.
queries.getQueryCache().subscribe(({ query, type }) => {
  const [name] = query.queryKey as unknown[];
  if (type === 'updated' && name === 'session' && query.state.data === null) {
    void router.invalidate();
  }
});
