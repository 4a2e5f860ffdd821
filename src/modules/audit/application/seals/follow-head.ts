import { Injectable } from '@nestjs/common';
import type { ChainHead } from '../../domain/seals/seal';
import { HeadAnchor } from './head-anchor.port';
import { Seals } from './seals.port';
import { hashOfPayload } from './verdict';

/** Remembers how far the chain has come, and whether it is still the one that was remembered. */
@Injectable()
export class FollowHead {
  constructor(
    private readonly seals: Seals,
    private readonly anchor: HeadAnchor,
  ) {}

  /** Goes on with the chain, unless it is no longer the one that was known. */
  async execute(): Promise<void> {
    const newest = await this.seals.newest();
    if (newest === null) return;
    const known = await this.anchor.known();
    if (known.length > 0 && known.every(({ number, hash }) => number === newest.number && hash === newest.hash)) return;
    if (known.some(({ number }) => number > newest.number) || (await this.lost()) !== null) return;
    await this.anchor.keep({ number: newest.number, hash: newest.hash });
  }

  /** A head that was known and is in the chain no more; null: the chain holds all there are. */
  async lost(): Promise<ChainHead | null> {
    for (const head of await this.anchor.known()) {
      const seal = await this.seals.find(head.number);
      if (seal === null || hashOfPayload(seal.payload) !== head.hash) return head;
    }
    return null;
  }
}
