import ipaddr from 'ipaddr.js';

/** An IPv4 address with the port some proxies put behind it. */
const WITH_PORT = /^(?<address>\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/;
/** An IPv6 address as addresses of the web write it, with or without a port. */
const IN_BRACKETS = /^\[(?<address>[^\]]+)\](?::\d{1,5})?$/;

const IPV4_NETWORK_BITS = 24;
/** The block one customer gets (RFC 6177): whoever has one address of it has them all. */
const IPV6_NETWORK_BITS = 64;

/** The one spelling of an IP address (RFC 5952; an IPv4 address inside IPv6 is that IPv4 address), or null for other text. */
export function canonicalAddress(text: string): string | null {
  const match = WITH_PORT.exec(text) ?? IN_BRACKETS.exec(text);
  const [address = ''] = (match?.groups?.address ?? text).split('%');
  // The library also reads `127.1` and `0x7f000001`, which no proxy writes.
  if (!ipaddr.IPv6.isValid(address) && !ipaddr.IPv4.isValidFourPartDecimal(address)) return null;
  return ipaddr.process(address).toString();
}

/** The network of a canonical address, in CIDR notation: /24 of IPv4, /64 of IPv6; null where there is no address. */
export function networkOf(address: string | null): string | null {
  if (address === null) return null;
  return ipaddr.IPv4.isValid(address) ? block(ipaddr.IPv4, address, IPV4_NETWORK_BITS) : ipv6Network(address);
}

/** Whom a canonical address stands for when requests are counted: itself in IPv4, its network in IPv6. */
export function subscriberOf(address: string): string {
  return ipaddr.IPv4.isValid(address) ? address : ipv6Network(address);
}

const ipv6Network = (address: string): string => block(ipaddr.IPv6, address, IPV6_NETWORK_BITS);

function block(family: typeof ipaddr.IPv4 | typeof ipaddr.IPv6, address: string, bits: number): string {
  return `${family.networkAddressFromCIDR(`${address}/${bits}`).toString()}/${bits}`;
}
