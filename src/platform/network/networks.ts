import { BlockList, isIPv4 } from 'node:net';

/** Reading a long list takes half a millisecond, and the same one is asked at every request of a tenant. */
const MOST_REMEMBERED = 500;
const remembered = new Map<string, IsOneOf>();

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

/** Of addresses and CIDR blocks. Throws TypeError for text that is neither. */
export function addressesIn(blocks: readonly string[]): IsOneOf {
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
