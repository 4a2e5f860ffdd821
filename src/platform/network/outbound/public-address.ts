import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { canonicalAddress } from '../address';
import { addressesIn, type IsOneOf } from '../networks';

/** The IANA IPv4 special-purpose address registry (RFC 6890), whole, and what is no address of one host. */
const SPECIAL_IPV4 = addressesIn([
  '0.0.0.0/8', // this network; Linux takes 0.0.0.0 for itself
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared, behind the NAT of a provider; metadata at Alibaba
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local; metadata at most clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments; metadata at Oracle
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relays, given up
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved; broadcast
  '168.63.129.16/32', // in no registry: metadata at Azure, under an address that looks public
]);

/** All that is given to hosts of the Internet. Loopback, unique local, link-local, site-local and multicast lie outside. */
const GLOBAL_IPV6 = addressesIn(['2000::/3']);
/** Of the IANA IPv6 special-purpose address registry what lies within. */
const SPECIAL_IPV6 = addressesIn([
  '2001::/23', // protocol assignments: Teredo, benchmarks, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4, which leads to any IPv4 address
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
]);

/** The well-known prefix of NAT64 (RFC 6052): where there is no IPv4, every IPv4 address is reached as one of these. */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * Whether an IP address is one of the public Internet. One that stands for an IPv4 address (mapped, NAT64) is judged as that;
 * text that is no address is not public.
 */
export function isPublicAddress(text: string): boolean {
  const address = canonicalAddress(text);
  if (address === null) return false;
  const ipv4 = isIPv4(address) ? address : behindNat64(address);
  return ipv4 === null ? GLOBAL_IPV6(address) && !SPECIAL_IPV6(address) : !SPECIAL_IPV4(ipv4);
}

/** Whether an address is public or one of `networks`, which are addresses and CIDR blocks. */
export function publicOrIn(networks: readonly string[]): IsOneOf {
  const isAllowed = addressesIn(networks);
  return (text) => {
    const address = canonicalAddress(text);
    return address !== null && (isPublicAddress(address) || isAllowed(address));
  };
}

function behindNat64(address: string): string | null {
  const parsed = ipaddr.IPv6.parse(address);
  return parsed.match(NAT64) ? ipaddr.fromByteArray(parsed.toByteArray().slice(-4)).toString() : null;
}
