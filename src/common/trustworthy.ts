/** Hosts that browsers take for secure without https. */
const loopback = /^(localhost|([\w-]+\.)+localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether nobody on the way there can read or change what is said, by what browsers go by (W3C Secure
 * Contexts, section 3.1).
 */
export function isTrustworthy({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || loopback.test(hostname);
}
