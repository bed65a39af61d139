const name = 'keyfence.organisation';

/** The organisation that the person looked at last. */
export const lastOrgId = () => localStorage.getItem(name);

export function noteOrg(orgId: string): void {
  localStorage.setItem(name, orgId);
}
