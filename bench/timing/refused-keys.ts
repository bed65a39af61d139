import { newSecret } from '../../src/common/secret.js';
import { addPerson, createKey, createOrganisation } from '../../test/support/organisation.js';
import { createLargeOrganisation } from '../support/keys.js';
import type { Service, Site } from '../support/service.js';
import { shuffle } from '../support/statistics.js';

/** Why a key is refused. */
export const kinds = ['unknown', 'revoked', 'expired', 'suspended', 'deactivated'] as const;
export type Kind = (typeof kinds)[number];

export const byKind = <T>(make: (kind: Kind) => T) =>
  Object.fromEntries(kinds.map((kind) => [kind, make(kind)])) as Record<Kind, T>;

/** So many of each kind, in a random order. */
export const inRandomOrder = (count: number, random: () => number): Kind[] =>
  shuffle(
    kinds.flatMap((kind) => new Array<Kind>(count).fill(kind)),
    random,
  );

/**
 * Several secrets of each kind, so that a row's place in the tables does not look like its state.
 * The keys are created in a random order and lose their rights afterwards; the unknown ones never
 * existed.
 */
export async function createRefusedKeys(
  site: Site,
  service: Service,
  count: number,
  random: () => number,
): Promise<Record<Kind, string[]>> {
  const org = await createLargeOrganisation(site, service);
  const suspended = await createOrganisation(service);
  const leaver = await addPerson(service, org.id, 'member');
  const create = {
    unknown: () => Promise.resolve({ id: '', secret: newSecret('kf') }),
    revoked: () => createKey(org.member, org),
    expired: () => createKey(org.member, org),
    suspended: () => createKey(suspended.member, suspended),
    deactivated: () => createKey(leaver, org),
  };
  const keys = byKind(() => [] as { id: string; secret: string }[]);
  for (const kind of inRandomOrder(count, random)) keys[kind].push(await create[kind]());

  for (const { id } of keys.revoked) await org.manager.delete(org.path(`/keys/${id}`));
  await site.db.query(
    `UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = ANY($1)`,
    [keys.expired.map(({ id }) => id)],
  );
  await service.operator.post(suspended.path('/suspend'));
  await service.operator.post(`/v1/users/${leaver.userId}/deactivate`);
  // As the database does by itself in time: else the rows that were changed would show by that.
  await site.db.query('VACUUM ANALYZE');
  return byKind((kind) => keys[kind].map(({ secret }) => secret));
}
