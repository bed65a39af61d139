import { isIP } from 'node:net';
import { allow, refuse, type Decision } from '../common/errors.js';
import { isPublicAddress } from '../common/ip.js';

/** Whether the host of a URL is certainly not on the public internet, whatever DNS says. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) ? !isPublicAddress(host) : /(^|\.)localhost\.?$/.test(host);
}

/**
 * Whether a webhook may have this URL, as far as the URL shows. A host name is looked up for each
 * attempt, as its addresses can change.
 */
export function decideTarget(url: string, allowPrivate: boolean): Decision<string> {
  if (allowPrivate) return allow(url);
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:')
    return refuse('target_not_allowed', 'The URL must begin with https://.');
  if (isPrivateHost(hostname))
    return refuse('target_not_allowed', 'The host must be on the public internet.');
  return allow(url);
}
