/** Hosts that browsers consider secure without https. */
const loopback = /^(localhost|([\w-]+\.)+localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether nobody on the way can read or change the traffic, by the rules of browsers (W3C Secure
 * Contexts, section 3.1).
 */
export function isTrustworthy({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || loopback.test(hostname);
}
