import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { queries } from './api/queries';
import { sessionQuery } from './api/session';
import type { AuditSearch } from './api/audit';
import type { Standing } from './api/client';
import { dayChoices, type KeySearch } from './api/keys';
import type { MemberSearch } from './api/members';
import type { DeliverySearch } from './api/webhooks';
import { NotFound, Unreachable } from './components/full-page';
import { Shell } from './components/shell';
import { actions } from './lib/actions';
import { deliveryStates } from './lib/events';
import { lastOrgId } from './lib/last-org';
import { SignInPage } from './pages/sign-in/sign-in-page';

const rootRoute = createRootRoute({
  component: Outlet,
  notFoundComponent: () => <NotFound isAlone />,
  errorComponent: ({ error }) => <Unreachable error={error as Error} />,
});

/** Where to go on after signing in: only a path of ours, so that no link can lead elsewhere. */
const pathOnly = (value: unknown) =>
  typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined;

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: ({ back }: Record<string, unknown>) => ({ back: pathOnly(back) }),
  // Not loaded later, as other pages are: its code takes tokens out of the URL as soon as it runs.
  component: SignInPage,
});

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    const session = await queries.query({ ...sessionQuery, staleTime: 'static' });
    if (session !== null) return;
    const back = location.pathname === '/' ? undefined : location.href;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- this router redirects by a throw
    throw redirect({ to: '/sign-in', search: { back } });
  },
  component: Shell,
  errorComponent: ({ error }) => <Unreachable error={error as Error} />,
});

/** Managers begin with what there is to see, members with their keys, and operators with everybody. */
const startOf = ({ role, permissions }: Standing) => {
  if (permissions.includes('orgs:read')) return '/organisations';
  return role === 'manager' ? '/$orgId/configuration/overview' : '/$orgId/configuration/api-keys';
};

const homeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  beforeLoad: async () => {
    const session = await queries.query({ ...sessionQuery, staleTime: 'static' });
    const all = session?.organisations.filter(({ status }) => status === 'active') ?? [];
    const org = all.find(({ id }) => id === lastOrgId()) ?? all[0];
    if (org === undefined) return;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- this router redirects by a throw
    throw redirect({ to: startOf(org), params: { orgId: org.id } });
  },
  component: lazyRouteComponent(() => import('./pages/no-organisation'), 'NoOrganisation'),
});

const oneOf = <T extends string>(value: unknown, all: readonly T[]): T | undefined =>
  all.find((each) => each === value);

/** Without what is undefined, so that URLs stay short. */
const defined = <T extends object>(all: T): T =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as T;

const text = (value: unknown) =>
  typeof value === 'string' && value !== '' ? value.slice(0, 1_000) : undefined;

const pageSearch = ({ cursor }: Record<string, unknown>) =>
  defined<{ cursor?: string }>({ cursor: text(cursor) });

/** @returns the filters, and whether the dialog that creates a key is open */
function keySearch(input: Record<string, unknown>): KeySearch & { create?: boolean } {
  const { search, cursor } = input;
  return defined<KeySearch & { create?: boolean }>({
    create: input.create === true ? true : undefined,
    search: typeof search === 'string' && search !== '' ? search.slice(0, 100) : undefined,
    state: oneOf(input.state, ['expired', 'revoked', 'all']),
    owner: text(input.owner)?.match(/^usr_\w{26}$/)?.[0],
    scope: oneOf(input.scope, ['read', 'read-write', 'admin']),
    tag: text(input.tag)?.slice(0, 50),
    age: dayChoices.age.flatMap((days) => [days, -days]).find((each) => each === input.age),
    expires: dayChoices.expires.find((each) => each === input.expires),
    unused: dayChoices.unused.find((each) => each === input.unused),
    createdBy: text(input.createdBy)?.match(/^key_\w{26}$/)?.[0],
    sort: oneOf(input.sort, ['created', 'name', 'expires', 'lastUsed']),
    order: oneOf(input.order, ['asc', 'desc']),
    cursor: typeof cursor === 'string' ? cursor : undefined,
  });
}

/** Where the pages of an organisation begin. */
const overviewRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$orgId/configuration/overview',
  component: lazyRouteComponent(() => import('./pages/overview/overview-page'), 'OverviewPage'),
});

const keysRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$orgId/configuration/api-keys',
  validateSearch: keySearch,
  component: lazyRouteComponent(() => import('./pages/keys/keys-page'), 'KeysPage'),
});

const keyRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$orgId/configuration/api-keys/$keyId',
  component: lazyRouteComponent(() => import('./pages/keys/key-page'), 'KeyPage'),
});

const membersRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$orgId/configuration/members',
  validateSearch: (input: Record<string, unknown>) =>
    defined<MemberSearch>({
      search: text(input.search)?.slice(0, 100),
      role: oneOf(input.role, ['manager', 'member']),
      cursor: text(input.cursor),
    }),
  component: lazyRouteComponent(() => import('./pages/members/members-page'), 'MembersPage'),
});

function auditSearch(input: Record<string, unknown>): AuditSearch {
  const { actor, target, from, to, cursor } = input;
  const names = Object.keys(actions) as (keyof typeof actions)[];
  const date = (value: unknown) => text(value)?.match(/^\d{4}-\d{2}-\d{2}$/)?.[0];
  return defined({
    action: oneOf(input.action, names),
    actor: text(actor),
    target: text(target),
    from: date(from),
    to: date(to),
    cursor: text(cursor),
  });
}

const auditRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$orgId/configuration/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./pages/audit/audit-page'), 'AuditPage'),
});

const organisationRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$orgId/configuration/organisation',
  component: lazyRouteComponent(
    () => import('./pages/organisation/organisation-page'),
    'OrganisationPage',
  ),
});

const webhooksRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$orgId/configuration/webhooks',
  component: lazyRouteComponent(() => import('./pages/webhooks/webhooks-page'), 'WebhooksPage'),
});

const states = Object.keys(deliveryStates) as (keyof typeof deliveryStates)[];

const webhookRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$orgId/configuration/webhooks/$webhookId',
  validateSearch: ({ state, cursor }: Record<string, unknown>) =>
    defined<DeliverySearch>({ state: oneOf(state, states), cursor: text(cursor) }),
  component: lazyRouteComponent(() => import('./pages/webhooks/webhook-page'), 'WebhookPage'),
});

const organisationsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/organisations',
  validateSearch: pageSearch,
  component: lazyRouteComponent(
    () => import('./pages/operators/organisations-page'),
    'OrganisationsPage',
  ),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    signedInRoute.addChildren([
      homeRoute,
      organisationsRoute,
      overviewRoute,
      keysRoute,
      keyRoute,
      membersRoute,
      auditRoute,
      organisationRoute,
      webhooksRoute,
      webhookRoute,
    ]),
  ]),
  defaultPreload: 'intent',
  // Pages load their data themselves; only their code is fetched early.
  defaultPreloadStaleTime: 0,
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
