import type { LookupAddress } from 'node:dns';
import dns from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { isPublicAddress } from '../common/ip.js';

/** The host is not on the public internet. The message does not contain its address in our network. */
export class NotPublicError extends Error {
  constructor() {
    super('the host is not on the public internet');
  }
}

/** Milliseconds that DNS may take: well below the limit of the whole request. */
const timeoutMs = 4_000;

/** @throws Error when there is no address, or no server responds in time */
async function inTime(hostname: string, lookup: Promise<string[]>): Promise<string[]> {
  const late = delay(timeoutMs, undefined, { ref: false }).then(() => {
    throw new Error(`no DNS server responds for ${hostname}`);
  });
  return Promise.race([lookup, late]);
}

/**
 * Asks DNS only. The system's own look-up waits in one of four threads that everything in this process
 * shares: a few names whose servers never respond would block all others, including those of the
 * database.
 */
async function addressesOf(hostname: string): Promise<LookupAddress[]> {
  const results = await Promise.allSettled([
    inTime(hostname, dns.resolve4(hostname)),
    inTime(hostname, dns.resolve6(hostname)),
  ]);
  const found = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  if (found.length > 0) return found.map((address) => ({ address, family: isIP(address) }));
  const [v4] = results;
  throw v4.status === 'rejected' ? (v4.reason as Error) : new Error(`${hostname} has no address`);
}

/** @throws NotPublicError if any of the addresses is not public */
async function publicAddressesOf(hostname: string): Promise<[LookupAddress, ...LookupAddress[]]> {
  const addresses = await addressesOf(hostname);
  if (!addresses.every(({ address }) => isPublicAddress(address))) throw new NotPublicError();
  return addresses as [LookupAddress, ...LookupAddress[]];
}

/** The look-up of a connection: it returns public addresses, or NotPublicError. */
export const publicLookup: LookupFunction = (hostname, { all }, callback) => {
  publicAddressesOf(hostname).then(
    (addresses) => {
      const [{ address, family }] = addresses;
      if (all === true) callback(null, addresses);
      else callback(null, address, family);
    },
    (error: unknown) => {
      callback(error as Error, []);
    },
  );
};
