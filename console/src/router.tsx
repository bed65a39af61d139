import {
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { queries } from './api/queries';
import { sessionQuery } from './api/session';
import type { AuditSearch } from './api/audit';
import type { KeySearch } from './api/keys';
import type { DeliverySearch } from './api/webhooks';
import { Failure, NotFound } from './components/failure';
import { Shell } from './components/shell';
import { actions } from './lib/actions';
import { deliveryStates } from './lib/events';
import { lastOrgId } from './lib/last-org';
import { AuditPage } from './pages/audit/audit-page';
import { KeyPage } from './pages/keys/key-page';
import { KeysPage } from './pages/keys/keys-page';
import { MembersPage } from './pages/members/members-page';
import { NoOrganisation } from './pages/no-organisation';
import { OrganisationsPage } from './pages/operators/organisations-page';
import { OrganisationPage } from './pages/organisation/organisation-page';
import { SignInPage } from './pages/sign-in/sign-in-page';
import { WebhookPage } from './pages/webhooks/webhook-page';
import { WebhooksPage } from './pages/webhooks/webhooks-page';

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
const defined = <T extends object>(all: T): T =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as T;

const text = (value: unknown) =>
  typeof value === 'string' && value !== '' ? value.slice(0, 1_000) : undefined;

const pageSearch = ({ cursor }: Record<string, unknown>) =>
  defined<{ cursor?: string }>({ cursor: text(cursor) });

function keySearch(input: Record<string, unknown>): KeySearch {
  const { search, cursor } = input;
  return defined<KeySearch>({
    search: typeof search === 'string' && search !== '' ? search.slice(0, 100) : undefined,
    state: oneOf(input.state, ['active', 'expired', 'revoked']),
    sort: oneOf(input.sort, ['created', 'name', 'expires']),
    order: oneOf(input.order, ['asc', 'desc']),
    cursor: typeof cursor === 'string' ? cursor : undefined,
  });
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

const membersRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$orgId/configuration/members',
  validateSearch: pageSearch,
  component: MembersPage,
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
  component: AuditPage,
});

const organisationRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$orgId/configuration/organisation',
  component: OrganisationPage,
});

const webhooksRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$orgId/configuration/webhooks',
  component: WebhooksPage,
});

const states = Object.keys(deliveryStates) as (keyof typeof deliveryStates)[];

const webhookRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/$orgId/configuration/webhooks/$webhookId',
  validateSearch: ({ state, cursor }: Record<string, unknown>) =>
    defined<DeliverySearch>({ state: oneOf(state, states), cursor: text(cursor) }),
  component: WebhookPage,
});

const organisationsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/organisations',
  validateSearch: pageSearch,
  component: OrganisationsPage,
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    signedInRoute.addChildren([
      homeRoute,
      organisationsRoute,
      keysRoute,
      keyRoute,
      membersRoute,
      auditRoute,
      organisationRoute,
      webhooksRoute,
      webhookRoute,
    ]),
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
