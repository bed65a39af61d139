import { isIP } from 'node:net';
import { allow, refuse, type Decision } from '../common/errors.js';
import { isPublicAddress } from '../common/ip.js';

/**
 * Whether a webhook may lead there, as far as the URL tells. What a name stands for is looked at each
 * time that something is sent: it can change.
 */
export function decideTarget(url: string, allowPrivate: boolean): Decision<string> {
  if (allowPrivate) return allow(url);
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:')
    return refuse('target_not_allowed', 'The URL must begin with https://.');
  const host = hostname.replace(/^\[|\]$/g, '');
  const isPrivate = isIP(host) ? !isPublicAddress(host) : /(^|\.)localhost\.?$/.test(host);
  if (isPrivate) return refuse('target_not_allowed', 'The host must be on the public internet.');
  return allow(url);
}
