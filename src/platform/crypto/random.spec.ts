import { randomBytes } from 'node:crypto';
import { isUuid } from '../../kernel/ids';
import { Random, SystemRandom } from './random';

const NOW = new Date('2026-01-01T12:00:00.000Z');
const random = new SystemRandom();

/** Gives every byte there is, in order. */
class EveryByte extends Random {
  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, (_, at) => at % 256));
  }

  uuid(): string {
    return '';
  }
}

describe('random bytes', () => {
  it.each([0, 1, 16, 32])('are as many as asked for: %i', (count) => {
    expect(random.bytes(count)).toHaveLength(count);
  });

  it('are others each time', () => {
    expect(random.bytes(32)).not.toEqual(random.bytes(32));
  });
});

describe('an id', () => {
  it('is a UUID of version 7', () => {
    const id = random.uuid(NOW);

    expect(isUuid(id)).toBe(true);
    expect(id).toMatch(/^.{14}7.{4}[89ab]/);
  });

  it('tells the millisecond it was made in', () => {
    expect(parseInt(random.uuid(NOW).replace('-', '').slice(0, 12), 16)).toBe(NOW.getTime());
  });

  it('sorts as text by the instant it was made', () => {
    const ids = [0, 1, 2, 1000, 86_400_000, 31_536_000_000].map((later) =>
      random.uuid(new Date(NOW.getTime() + later)),
    );

    expect([...ids].reverse().sort()).toEqual(ids);
  });

  it('is another each time within one millisecond', () => {
    const ids = Array.from({ length: 2000 }, () => random.uuid(NOW));

    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a number below a limit', () => {
  class Four extends EveryByte {
    constructor(private readonly word: number) {
      super();
    }

    override bytes(): Buffer {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(this.word);
      return bytes;
    }
  }

  it.each([
    [0, 1, 0],
    [0xffffffff, 1, 0],
    [0, 46, 0],
    [0x80000000, 46, 23],
    [0xffffffff, 46, 45],
    [0xffffffff, 2 ** 31, 2 ** 31 - 1],
  ])('is spread evenly: %i of 2^32 below %i is %i', (word, limit, number) => {
    expect(new Four(word).below(limit)).toBe(number);
  });

  it('is each of them, sooner or later', () => {
    const numbers = new Set(Array.from({ length: 2000 }, () => random.below(5)));

    expect([...numbers].sort()).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('a phrase to read and type', () => {
  it.each([
    [4, 5, /^[0-9a-hjkmnp-tv-z]{5}(-[0-9a-hjkmnp-tv-z]{5}){3}$/],
    [2, 4, /^[0-9a-hjkmnp-tv-z]{4}-[0-9a-hjkmnp-tv-z]{4}$/],
    [1, 8, /^[0-9a-hjkmnp-tv-z]{8}$/],
  ])('has %i groups of %i', (groups, size, form) => {
    expect(random.phrase(groups, size)).toMatch(form);
  });

  it('uses 32 letters and digits evenly, and none that looks like another', () => {
    const letters = [...new EveryByte().phrase(1, 256)];
    const counts = new Map(letters.map((letter) => [letter, letters.filter((other) => other === letter).length]));

    expect([...counts.keys()].sort().join('')).toBe('0123456789abcdefghjkmnpqrstvwxyz');
    expect(new Set(counts.values())).toEqual(new Set([8]));
  });

  it('is another each time', () => {
    const phrases = Array.from({ length: 100 }, () => random.phrase(4, 5));

    expect(new Set(phrases).size).toBe(100);
  });

  it('takes every one of its bytes from the source', () => {
    const bytes = randomBytes(20);
    class Given extends EveryByte {
      override bytes(count: number): Buffer {
        return bytes.subarray(0, count);
      }
    }

    const phrase = new Given().phrase(4, 5).replaceAll('-', '');

    expect([...phrase].map((letter) => '0123456789abcdefghjkmnpqrstvwxyz'.indexOf(letter))).toEqual(
      [...bytes].map((byte) => byte % 32),
    );
  });
});
