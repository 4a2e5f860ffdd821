import { BlockList, isIPv4 } from 'node:net';
import { isAddressBlock } from '../config/formats';
import { canonicalAddress } from './address';

/** A line that is neither an entry nor a comment. It is told by its number alone: what it says is not for logs. */
export class BadAddressLine extends Error {
  constructor(
    readonly line: number,
    problem = 'is no address or CIDR block with, perhaps, a number from 1 to 100 behind it',
  ) {
    super(`line ${line} ${problem}`);
  }
}

/** Blocks are gone through one by one at every sign-in, and reading holds everything else up: a millisecond, a fifth of a second. */
const MAX_LINES = 20_000;
/** How bad an address is of which only that is said. */
const WORST = 100;
const LINE = /^(?<block>\S+)(?:\s+(?<score>100|[1-9]\d?))?$/;

type Entry = { readonly block: string; readonly score: number };

/** Addresses and blocks of them, and how bad a name each has. */
export class AddressList {
  /** Apart from the blocks, which are gone through one by one: lists are long, and mostly of single addresses. */
  private readonly addresses = new Map<string, number>();
  private readonly blocks = new Map<number, BlockList>();
  private readonly scores: readonly number[];

  private constructor(entries: readonly Entry[]) {
    for (const { block, score } of entries) this.add(block, score);
    this.scores = [...this.blocks.keys()].sort((a, b) => b - a);
  }

  /**
   * Of a text with one address or CIDR block a line, each perhaps with how bad it is from 1 to 100 (100, if it says
   * nothing); what follows a `#` is a comment. Throws BadAddressLine.
   */
  static parse(text: string): AddressList {
    const lines = text.split('\n');
    if (lines.length > MAX_LINES) throw new BadAddressLine(MAX_LINES + 1, 'is one too many');
    return new AddressList(lines.flatMap((line, index) => entriesOf(line, index + 1)));
  }

  /** The worst that is said of a canonical address; 0: nothing. */
  scoreOf(address: string): number {
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    const ofBlocks = this.scores.find((score) => this.blocks.get(score)?.check(address, family));
    return Math.max(this.addresses.get(address) ?? 0, ofBlocks ?? 0);
  }

  private add(block: string, score: number): void {
    const [address = '', bits] = block.split('/');
    if (bits === undefined) {
      const canonical = canonicalAddress(address) ?? address;
      this.addresses.set(canonical, Math.max(score, this.addresses.get(canonical) ?? 0));
    } else {
      const list = this.blocks.get(score) ?? new BlockList();
      list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6');
      this.blocks.set(score, list);
    }
  }
}

function entriesOf(line: string, number: number): Entry[] {
  const [said = ''] = line.split('#');
  if (said.trim() === '') return [];
  const { block = '', score = WORST } = LINE.exec(said.trim())?.groups ?? {};
  // An address with a zone is of one machine's network card: it names nobody.
  if (!isAddressBlock(block) || block.includes('%')) throw new BadAddressLine(number);
  return [{ block, score: Number(score) }];
}
