import { canonicalAddress } from './address';
import { addressesIn, type IsOneOf } from './networks';

/** Whether a canonical address is that of a proxy whose word is believed. */
export type Trust = IsOneOf;

/** Trusts the addresses and CIDR blocks of a list, in either spelling of an IPv4 address. */
export const trustIn: (blocks: readonly string[]) => Trust = addressesIn;

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
