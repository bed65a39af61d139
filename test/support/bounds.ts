import type { Caller } from './client.js';
import type { Organisation } from './organisation.js';

export interface Bounds {
  maxKeysPerMember: number;
  maxKeysPerOrg: number;
}

/** As many as there can be, for those whom bounds are not about. */
export const greatestBounds: Bounds = { maxKeysPerMember: 100_000, maxKeysPerOrg: 100_000 };

/** Sets how many live keys an organisation may have, as the operator does. */
export async function setBounds(
  operator: Pick<Caller, 'put'>,
  org: Pick<Organisation, 'path'>,
  bounds: Bounds,
): Promise<void> {
  const { status, text } = await operator.put(org.path('/bounds'), bounds);
  if (status !== 200) throw new Error(`no bounds: ${text}`);
}
