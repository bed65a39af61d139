/** Hosts that browsers take for secure without https (W3C Secure Contexts, section 3.1). */
const loopback = /^(localhost|([\w-]+\.)+localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** @param hostname as URLs have it */
export const isLoopback = (hostname: string): boolean => loopback.test(hostname);
