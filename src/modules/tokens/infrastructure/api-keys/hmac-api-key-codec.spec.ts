import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { MasterKey } from '../../../../platform/crypto/master-key';
import { Random, SystemRandom } from '../../../../platform/crypto/random';
import type { TokenSettings } from '../../../../platform/config/settings';
import { HmacApiKeyCodec } from './hmac-api-key-codec';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const NOW = new Date('2026-01-01T12:00:00.000Z');
const hex = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString('hex');

/** Bytes as they are wanted. */
class FixedRandom extends Random {
  constructor(private readonly fixed: Buffer) {
    super();
  }

  bytes(): Buffer {
    return this.fixed;
  }

  uuid(): string {
    return '01890a5d-ac96-774b-bcce-b302099a8057';
  }
}

function aCodec(apiKeyPrefix = 'dw_live_', master = randomBytes(32), random: Random = new SystemRandom()) {
  return new HmacApiKeyCodec(new MasterKey(master), random, { apiKeyPrefix } as TokenSettings);
}

describe('a new API key', () => {
  it('is the prefix, 43 letters and digits, and 6 more that check them', () => {
    expect(aCodec().issue(NOW).key).toMatch(/^dw_live_[0-9A-Za-z]{43}[0-9A-Za-z]{6}$/);
    expect(aCodec('dw_x_').issue(NOW).key).toMatch(/^dw_x_[0-9A-Za-z]{49}$/);
  });

  it.each([
    ['least', 0x00],
    ['greatest', 0xff],
  ])('has 43 letters and the checksum even of the %s random number', (_, byte) => {
    const { key } = aCodec('dw_live_', randomBytes(32), new FixedRandom(Buffer.alloc(32, byte))).issue(NOW);
    expect(key).toMatch(/^dw_live_[0-9A-Za-z]{49}$/);
  });

  it('carries every one of its 256 random bits', () => {
    const bodies = Array.from({ length: 256 }, (_, bit) => {
      const bytes = Buffer.alloc(32);
      bytes[bit >> 3] = 1 << (bit & 7);
      return aCodec('dw_live_', Buffer.alloc(32), new FixedRandom(bytes)).issue(NOW).key;
    });
    expect(new Set(bodies).size).toBe(256);
  });

  it('may show its prefix and four letters more, so that 232 bits stay unknown', () => {
    for (const settings of ['dw_live_', 'dw_x_', `dw_${'a'.repeat(16)}_`]) {
      const { key, prefix } = aCodec(settings).issue(NOW);
      expect(key.startsWith(prefix)).toBe(true);
      expect(prefix).toHaveLength(settings.length + 4);
    }
  });

  it('is kept as 32 bytes that only who has the master key gets from it', () => {
    const [codec, other] = [aCodec(), aCodec()];
    const { key, secretHash } = codec.issue(NOW);
    expect(secretHash).toHaveLength(32);
    expect(hex(codec.hashOf(key))).toBe(hex(secretHash));
    expect(hex(other.hashOf(key))).not.toBe(hex(secretHash));
  });
});

describe('the id of a new API key', () => {
  it('is the random UUID of the moment', () => {
    const random = new FixedRandom(Buffer.alloc(32, 1));
    expect(aCodec('dw_live_', randomBytes(32), random).issue(NOW).id).toBe('ak_01890a5dac96774bbcceb302099a8057');
  });

  it('sorts by the moment', () => {
    const codec = aCodec();
    expect(codec.issue(NOW).id < codec.issue(new Date('2026-01-01T12:00:00.001Z')).id).toBe(true);
  });
});

describe('a text', () => {
  const master = randomBytes(32);
  const codec = aCodec('dw_live_', master);
  const { key } = codec.issue(NOW);

  it('that is a key of an earlier prefix is still a key', () => {
    const old = aCodec('dw_old2_', master).issue(NOW);
    expect(hex(codec.hashOf(old.key))).toBe(hex(old.secretHash));
  });

  it('that is a key but for one letter is none, wherever the letter stands', () => {
    const slip = fc.tuple(fc.integer({ min: 8, max: 56 }), fc.constantFrom(...LETTERS.split('')));
    fc.assert(
      fc.property(slip, ([at, letter]) => {
        const mistyped = key.slice(0, at) + letter + key.slice(at + 1);
        expect(codec.hashOf(mistyped) === null).toBe(mistyped !== key);
      }),
    );
  });

  it('that is a key with two neighbours exchanged is none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 55 }), (at) => {
        const [one = '', two = ''] = key.slice(at, at + 2);
        const exchanged = key.slice(0, at) + two + one + key.slice(at + 2);
        expect(codec.hashOf(exchanged) === null).toBe(one !== two);
      }),
    );
  });

  it.each([
    ['empty', ''],
    ['a prefix alone', 'dw_live_'],
    ['a key with more behind it', `${key}A`],
    ['a key with a line end', `${key}\n`],
    ['a key with a blank in front', ` ${key}`],
    ['a key without its last letter', key.slice(0, -1)],
    ['a key under another prefix', key.replace('dw_live_', 'dw_test_')],
    ['a key in capitals', key.toUpperCase()],
    ['two keys', `${key}, ${key}`],
    ['a refresh token', `dwrt_${'A'.repeat(71)}`],
    ['an access token', 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln'],
    ['a key of somebody else’s make', `sk_live_${key.slice(8)}`],
    ['made up', `dw_live_${'A'.repeat(49)}`],
    ['with a zero byte', `${key.slice(0, -1)}\0`],
  ])('that is %s is no key', (_, text) => {
    expect(codec.hashOf(text)).toBeNull();
  });

  it('of any kind is taken without an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(codec.hashOf(text)).toBeNull();
      }),
    );
  });
});
