import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';

/** Where unpredictability comes from. */
export abstract class Random {
  /** `count` bytes fit for secrets. */
  abstract bytes(count: number): Buffer;

  /** A UUID version 7 (RFC 9562): sorts by the instant it was made, so it is kind to indexes. */
  abstract uuid(now: Date): string;

  /** A whole number from 0 to below `limit`; some are likelier than others by no more than `limit` in 2^32. */
  below(limit: number): number {
    return Math.floor((this.bytes(4).readUInt32BE() / 2 ** 32) * limit);
  }

  /**
   * A secret people can read and type: groups of `size` characters of an alphabet without look-alikes, five bits each.
   */
  phrase(groups: number, size: number): string {
    const letters = [...this.bytes(groups * size)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length));
    return Array.from({ length: groups }, (_, group) => letters.slice(group * size, (group + 1) * size).join('')).join(
      '-',
    );
  }
}

/** Crockford's 32: a byte modulo 32 is unbiased, and nothing in it looks like anything else. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

@Injectable()
export class SystemRandom extends Random {
  bytes(count: number): Buffer {
    return randomBytes(count);
  }

  uuid(now: Date): string {
    return v7({ msecs: now.getTime(), random: this.bytes(16) });
  }
}
