import type { ApiResponse, Caller } from '../support/client.js';
import type { Service } from '../support/service.js';
import {
  management,
  scopes,
  type Reference,
  type ReferenceKey,
  type ReferenceUser,
} from './reference.js';

/** The service as it really is, seen from one organisation. */
export interface Real {
  /** A path below the organisation. */
  path: (rest: string) => string;
  db: Service['db'];
  users: string[];
  keys: { id: string; secret: string }[];
}

export const addresses = ['192.0.2.1', '192.0.2.2'] as const;

/** An action on one user, one key and some permissions, which the sequence chose. */
interface Scene {
  real: Real;
  reference: Reference;
  operator: Caller;
  user: ReferenceUser;
  userId: string;
  /** Undefined while there is no key. */
  key: ReferenceKey | undefined;
  keyId: string;
  /** A number to choose with. */
  dice: number;
  list: string[];
}

/** Does something to the service; what it says once that succeeded, the reference does as well. */
type Action = (scene: Scene) => Promise<unknown>;

/** A busy machine may respond with 503, which is no outcome: asked again until there is one. */
export async function settled(send: () => Promise<ApiResponse>): Promise<ApiResponse> {
  for (;;) {
    const response = await send();
    if (response.status !== 503) return response;
  }
}

const succeeded = async (
  send: () => Promise<ApiResponse>,
  then: (body: ApiResponse['body']) => void,
) => {
  const { status, body } = await settled(send);
  if (status < 300) then(body);
};

const keyPath = ({ real, keyId }: Scene) => real.path(`/keys/${keyId}`);
const memberPath = ({ real, userId }: Scene) => real.path(`/members/${userId}`);

function narrow(
  body: (key: ReferenceKey, scene: Scene) => object,
  apply: (key: ReferenceKey, scene: Scene) => void,
): Action {
  return async (scene) => {
    const { key, operator } = scene;
    if (key === undefined) return;
    await succeeded(
      () => operator.patch(keyPath(scene), body(key, scene)),
      () => {
        apply(key, scene);
      },
    );
  };
}

export const actions: Record<string, Action> = {
  create: ({ real, reference, operator, user, userId, dice }) => {
    const scope = scopes[dice % scopes.length] ?? 'read';
    const isForAll = dice < 6;
    const body = { name: 'k', scope, ownerId: userId, management: isForAll };
    const send = () => operator.post(real.path('/keys'), body);
    return succeeded(send, ({ key, secret }) => {
      real.keys.push({ id: key.id, secret });
      const held = reference.holdings(user, scope);
      const list = isForAll ? held : held.filter((one) => one !== management);
      reference.keys.push({ owner: user, scope, list, ip: null, isRevoked: false });
    });
  },
  revoke: async (scene) => {
    const { key, operator } = scene;
    if (key === undefined) return;
    await succeeded(
      () => operator.delete(keyPath(scene)),
      () => {
        key.isRevoked = true;
      },
    );
  },
  report: async ({ real, reference, key, operator }) => {
    if (key === undefined) return;
    const { secret } = real.keys[reference.keys.indexOf(key)] as Real['keys'][number];
    await succeeded(
      () => operator.post('/v1/revoke', { key: secret }),
      () => (key.isRevoked = true),
    );
  },
  'revoke by SQL': async ({ real, key, keyId }) => {
    if (key === undefined) return;
    await real.db.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [keyId]);
    key.isRevoked = true;
  },
  'narrow the list': narrow(
    ({ list }, { dice }) => ({ permissions: [list[dice % list.length] ?? 'a:read'] }),
    (key, { dice }) => (key.list = [key.list[dice % key.list.length] ?? 'a:read']),
  ),
  'narrow the scope': narrow(
    () => ({ scope: 'read' }),
    (key) => (key.scope = 'read'),
  ),
  'narrow to data': narrow(
    () => ({ management: false }),
    (key) => (key.list = key.list.filter((one) => one !== management)),
  ),
  'narrow the addresses': narrow(
    (_, { dice }) => ({ allowedIps: [addresses[dice % 2]] }),
    (key, { dice }) => (key.ip = addresses[dice % 2] ?? null),
  ),
  'change a member': (scene) => {
    const { operator, user, dice, list } = scene;
    const grants = dice % 3 === 0 ? null : list;
    const role = dice % 2 === 0 ? 'member' : 'manager';
    return succeeded(
      () => operator.put(memberPath(scene), { role, grants }),
      () => {
        Object.assign(user, { grants, isMember: true });
      },
    );
  },
  'remove a member': (scene) =>
    succeeded(
      () => scene.operator.delete(memberPath(scene)),
      () => {
        scene.reference.remove(scene.user);
      },
    ),
  'set grants': ({ real, reference, operator, list }) =>
    succeeded(
      () => operator.put(real.path('/grants'), { grants: list }),
      () => {
        reference.grants = list;
      },
    ),
  suspend: ({ real, reference, operator }) =>
    succeeded(
      () => operator.post(real.path('/suspend')),
      () => (reference.isActive = false),
    ),
  resume: ({ real, reference, operator }) =>
    succeeded(
      () => operator.post(real.path('/resume')),
      () => (reference.isActive = true),
    ),
  deactivate: ({ operator, user, userId }) =>
    succeeded(
      () => operator.post(`/v1/users/${userId}/deactivate`),
      () => (user.isActive = false),
    ),
  reactivate: ({ operator, user, userId }) =>
    succeeded(
      () => operator.post(`/v1/users/${userId}/reactivate`),
      () => (user.isActive = true),
    ),
};
