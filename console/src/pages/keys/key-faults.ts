import { asSaid, faultsOf, type Faults } from '../../lib/faults';

/** The lists that a form sends. */
interface Sent {
  allowedIps?: string[];
  tags?: string[];
}

/** What is wrong with the fields of a key, in words for people. */
export const keyFaults = (error: Error | null, { allowedIps = [], tags = [] }: Sent): Faults =>
  faultsOf(error, {
    name: asSaid,
    description: asSaid,
    expiresAt: asSaid,
    expiresInDays: asSaid,
    ownerId: () => 'Choose an owner.',
    allowedIps: (_message, index) =>
      `“${allowedIps[index] ?? ''}” is not an IP address or a CIDR range, such as 192.0.2.0/24.`,
    tags: (message, index) => `“${tags[index] ?? ''}” ${message}.`,
  });
