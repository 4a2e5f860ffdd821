import { BlockList, isIPv4 } from 'node:net';
import { isAddressBlock } from '../config/formats';

/** Reading a long list takes half a millisecond, and the same one is asked at every request of a tenant. */
const MOST_REMEMBERED = 500;
const remembered = new Map<string, IsOneOf>();

/** An IP address or a CIDR block of them. One with a zone is of one machine's network card: it names no network. */
export function isNetwork(text: string): boolean {
  return isAddressBlock(text) && !text.includes('%');
}

/** Whether a canonical address is one of those it stands for. */
export type IsOneOf = (address: string) => boolean;

/**
 * Whether a canonical address is one of these addresses or in one of these CIDR blocks, an IPv4 address in either of its
 * spellings. Where there are none, every address is, and one that is not known too.
 */
export function isWithin(blocks: readonly string[], address: string | null): boolean {
  if (blocks.length === 0) return true;
  return address !== null && rememberedOf(blocks)(address);
}

/** IPv4 addresses in IPv6 (RFC 4291, 2.5.5.2) are a block of that size: who names a wider one means none of them. */
const IPV4_IN_IPV6_BITS = 96;

/** Of addresses and CIDR blocks. Throws TypeError for text that is neither. */
export function addressesIn(blocks: readonly string[]): IsOneOf {
  const [list, ofIpv6Alone] = [new BlockList(), new BlockList()];
  for (const block of blocks) {
    const [spelled = '', bits] = block.split('/');
    // A zone is of this machine's network cards; a canonical address has none.
    const [address = ''] = spelled.split('%');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else {
      const isWide = !isIPv4(address) && Number(bits) < IPV4_IN_IPV6_BITS;
      (isWide ? ofIpv6Alone : list).addSubnet(address, Number(bits), familyOf(address));
    }
  }
  return (address) => {
    const family = familyOf(address);
    return list.check(address, family) || (family === 'ipv6' && ofIpv6Alone.check(address, family));
  };
}

function rememberedOf(blocks: readonly string[]): IsOneOf {
  const key = blocks.join(' ');
  const known = remembered.get(key);
  if (known) return known;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  const made = addressesIn(blocks);
  remembered.set(key, made);
  return made;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
