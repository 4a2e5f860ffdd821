import { createHmac } from 'node:crypto';

const STEP_SECONDS = 30;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An authenticator app of the tests' own, written from RFC 4226 and RFC 6238: what it says owes nothing to the service. */
export class Authenticator {
  readonly key: Buffer;

  /** `secret` in base32, as it is typed in. */
  constructor(readonly secret: string) {
    this.key = fromBase32(secret);
  }

  /** The code of the step at `at`, or of so many steps beside it. */
  code(stepsAway = 0, at = new Date()): string {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / 1000 / STEP_SECONDS) + stepsAway));
    const digest = createHmac('sha1', this.key).update(counter).digest();
    const offset = digest.readUInt8(digest.length - 1) & 0xf;
    return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
  }

  /** A code of no step around now. */
  wrongCode(): string {
    const near = [-2, -1, 0, 1, 2].map((steps) => this.code(steps));
    const candidates = Array.from({ length: 6 }, (_, n) => String(n).repeat(6));
    return candidates.find((code) => !near.includes(code)) ?? '';
  }
}

/** RFC 4648, 6. */
export function fromBase32(text: string): Buffer {
  const bits = [...text.replace(/=+$/, '').toUpperCase()]
    .map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
