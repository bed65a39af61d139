import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/** An address. An IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2) is read as the IPv4 address in it. */
function parseAddress(text: string): Address | undefined {
  // The library also accepts historic forms such as 0x7f.1 and zones such as fe80::1%eth0, and reads
  // the long deprecated ::192.0.2.1 as ::ffff:192.0.2.1.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!isIPv6(text) || text.includes('%') || /^::\d+\./.test(text)) return undefined;
  return ipaddr.process(text);
}

function parseRange(text: string): Range | undefined {
  const [address, bits, ...rest] = text.split('/');
  const parsed = parseAddress(address ?? '');
  if (parsed === undefined || rest.length > 0) return undefined;
  const width = parsed.kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return [parsed, width];
  if (!/^(0|[1-9]\d{0,2})$/.test(bits)) return undefined;
  const mapped = parsed.kind() === 'ipv4' && address?.includes(':');
  const prefix = Number(bits) - (mapped ? 96 : 0);
  return prefix >= 0 && prefix <= width ? [parsed, prefix] : undefined;
}

function includes([base, prefix]: Range, address: Address): boolean {
  return base.kind() === address.kind() && address.match(base, prefix);
}

/** The canonical form of an address or range; undefined when it is invalid or has host bits set. */
export function parseCidr(text: string): string | undefined {
  const range = parseRange(text);
  if (range === undefined) return undefined;
  const [base, prefix] = range;
  const isIPv4 = base.kind() === 'ipv4';
  const network = (isIPv4 ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(
    `${base.toString()}/${prefix}`,
  );
  if (network.toString() !== base.toString()) return undefined;
  return `${base.toString()}/${prefix}`;
}

/** Whether one of the ranges contains the address; an unknown address is in none. */
export function isAddressIn(address: string | undefined, ranges: readonly string[]): boolean {
  const parsed = address === undefined ? undefined : parseAddress(address);
  if (parsed === undefined) return false;
  return ranges.some((text) => {
    const range = parseRange(text);
    return range !== undefined && includes(range, parsed);
  });
}

/** Whether every address of the inner range is in one single outer range. */
export function isRangeIn(inner: string, outer: readonly string[]): boolean {
  const range = parseRange(inner);
  if (range === undefined) return false;
  return outer.some((text) => {
    const wider = parseRange(text);
    return wider !== undefined && wider[1] <= range[1] && includes(wider, range[0]);
  });
}

/**
 * The network of one client: an IPv4 address, or the /64 of an IPv6 address, in which a client can use
 * any address. Undefined when the text is no address.
 */
export function clientNetwork(text: string | undefined): string | undefined {
  if (text === undefined || isIPv4(text)) return text;
  const address = parseAddress(text);
  if (address?.kind() !== 'ipv6') return address?.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/64`).toString()}/64`;
}

/**
 * All IPv6 addresses that are assigned (RFC 4291, 2.4), without `::a.b.c.d`, the old form of IPv4
 * addresses.
 */
const globalUnicast = ['2000::/3'];

/** Public by their number, but used by cloud hosts within their own networks. */
const ofCloudHosts = [
  // Azure: DHCP, DNS, the agent's server.
  '168.63.129.16',
  // Equinix Metal: metadata.
  '192.80.8.124',
  // IBM Cloud: services of the infrastructure and of the platform.
  '161.26.0.0/16',
  '166.8.0.0/14',
];

/** Whether an address is on the internet: not private, loopback, link-local or reserved. */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text);
  if (address?.range() !== 'unicast') return false;
  const canonical = address.toString();
  if (address.kind() === 'ipv6') return isAddressIn(canonical, globalUnicast);
  return !isAddressIn(canonical, ofCloudHosts);
}

/** The canonical text of an address, or undefined when it is none. */
export function normaliseAddress(text: string | undefined): string | undefined {
  // Almost every request comes from an address that is canonical already.
  if (text === undefined || isIPv4(text)) return text;
  return parseAddress(text)?.toString();
}
