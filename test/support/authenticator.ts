import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An authenticator app that has read an otpauth address. Its own implementation of RFC 4226 and 6238. */
export class Authenticator {
  readonly key: Buffer;
  readonly secret: string;

  constructor(readonly url: string) {
    this.secret = new URL(url).searchParams.get('secret') ?? '';
    this.key = decoded(this.secret);
  }

  /** How many bytes the secret has. */
  get bytes(): number {
    return this.key.length;
  }

  /** What it shows at an instant, or so many steps of half a minute later. */
  codeAt(now: Date, offset = 0): string {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(now.getTime() / 30_000) + offset));
    const mac = createHmac('sha1', this.key).update(counter).digest();
    const at = mac[mac.length - 1]! & 0xf;
    return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
  }

  /** A code it shows at no instant near that one. */
  wrongAt(now: Date): string {
    const near = new Set([-2, -1, 0, 1, 2].map((offset) => this.codeAt(now, offset)));
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.has(code))!;
  }
}

/** The same by an authenticator of somebody else: `oathtool`, which Debian has. Throws when it is not installed. */
export function oathtool(secret: string, now: Date): string {
  const at = now.toISOString().replace('T', ' ').replace(/\..*$/, ' UTC');
  try {
    return execFileSync('oathtool', ['--totp', '--base32', `--now=${at}`, secret], { encoding: 'utf8' }).trim();
  } catch (cause) {
    throw new Error('oathtool did not answer: install the Debian package of that name', { cause });
  }
}

function decoded(base32: string): Buffer {
  const bits = [...base32].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
