import { isAddressBlock } from '../config/formats';
import { AddressList } from './address-list';

/** An IP address or a CIDR block of them. One with a zone is of one machine's network card: it names no network. */
export function isNetwork(text: string): boolean {
  return isAddressBlock(text) && !text.includes('%');
}

/** Whether a canonical address is in one of the networks. Nobody's address is in none. */
export function isWithin(networks: readonly string[], address: string | null): boolean {
  return address !== null && AddressList.parse(networks.join('\n')).scoreOf(address) > 0;
}
