import { BlockList, isIPv4 } from 'node:net';
import { canonicalAddress } from './address';

/** Whether a canonical address is that of a proxy whose word is believed. */
export type Trust = (address: string) => boolean;

/** Trusts the addresses and CIDR blocks of a list, in either spelling of an IPv4 address. */
export function trustIn(blocks: readonly string[]): Trust {
  const list = new BlockList();
  for (const block of blocks) {
    const [spelled = '', bits] = block.split('/');
    // A zone is of this machine's network cards; a canonical address has none.
    const [address = ''] = spelled.split('%');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return (address) => list.check(address, familyOf(address));
}

/**
 * Where a request comes from: the right-most hop that is no trusted proxy, as the hop after it wrote it down. Whatever
 * stands further left its sender made up. A hop that is no address leaves the nearest that is known: the proxy's own.
 * @param peer the other end of the connection
 * @param forwardedFor the X-Forwarded-For header, with commas between hops
 * @returns the canonical address, or null when not even the peer is known
 */
export function clientAddress(peer: string | undefined, forwardedFor: string, isTrusted: Trust): string | null {
  let known = canonicalAddress(peer ?? '');
  for (const hop of forwardedFor.split(',').reverse()) {
    // An empty hop is not skipped: then the next one would be believed, and nobody trusted wrote that.
    const before: string | null = known !== null && isTrusted(known) ? canonicalAddress(hop.trim()) : null;
    if (before === null) return known;
    known = before;
  }
  return known;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
