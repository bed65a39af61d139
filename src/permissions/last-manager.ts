/** A manager of an organisation, and the number of others. */
export interface Management {
  isActive: boolean;
  /** Whether it is a person with an address, whom members can ask. */
  isPerson: boolean;
  /** Other active managers of any kind. */
  others: number;
  /** Those of them who are persons. */
  otherPersons: number;
}

/**
 * Whether an organisation would have nobody left without this manager. If a person manages it, one
 * person must remain; otherwise one active manager of any kind.
 */
export function isLastManager({ isActive, isPerson, others, otherPersons }: Management): boolean {
  if (!isActive) return false;
  return isPerson ? otherPersons === 0 : others === 0;
}
