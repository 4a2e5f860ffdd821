import { randomBytes } from 'node:crypto';
import { MasterKey } from './master-key';
import { SystemRandom } from './random';
import { SealBroken, SecretBox } from './secret-box';

const ROW = 'signing_keys/1';
const aBox = (key = randomBytes(32)): SecretBox => new SecretBox(new MasterKey(key), new SystemRandom());

describe('a sealed secret', () => {
  const box = aBox();

  it.each([0, 1, 15, 16, 20, 4096])('of %i bytes comes back as it was', (count) => {
    const secret = randomBytes(count);

    expect(box.open(box.seal(secret, ROW), ROW)).toEqual(secret);
  });

  it('opens after a restart with the same master key', () => {
    const key = randomBytes(32);
    const secret = randomBytes(20);

    expect(aBox(key).open(aBox(key).seal(secret, ROW), ROW)).toEqual(secret);
  });

  it('is another each time, and never with the same nonce', () => {
    const secret = randomBytes(20);
    const boxes = Array.from({ length: 200 }, () => box.seal(secret, ROW));

    expect(new Set(boxes.map((sealed) => sealed.toString('hex'))).size).toBe(200);
    expect(new Set(boxes.map((sealed) => sealed.subarray(5, 17).toString('hex'))).size).toBe(200);
  });

  it('does not show the secret', () => {
    const secret = randomBytes(20);

    expect(box.seal(secret, ROW).includes(secret)).toBe(false);
  });
});

describe('a seal that is broken', () => {
  const box = aBox();

  it('is noticed whichever single byte was altered', () => {
    const sealed = box.seal(randomBytes(20), ROW);

    for (let at = 0; at < sealed.length; at++) {
      const altered = Buffer.from(sealed);
      altered[at] = altered[at]! ^ 1;
      expect(() => box.open(altered, ROW)).toThrow(SealBroken);
    }
  });

  it('is noticed wherever the box was cut, and when it was made longer', () => {
    const sealed = box.seal(randomBytes(20), ROW);

    for (let length = 0; length < sealed.length; length++) {
      expect(() => box.open(sealed.subarray(0, length), ROW)).toThrow(SealBroken);
    }
    expect(() => box.open(Buffer.concat([sealed, Buffer.alloc(1)]), ROW)).toThrow(SealBroken);
  });

  it.each(['signing_keys/2', 'totp_factors/1', 'signing_keys/1 ', ''])(
    'is noticed when the box was moved to %j',
    (place) => {
      expect(() => box.open(box.seal(randomBytes(20), ROW), place)).toThrow(SealBroken);
    },
  );

  it('is noticed when the master key is another, and the operator is told which variable to look at', () => {
    expect(() => box.open(aBox().seal(randomBytes(20), ROW), ROW)).toThrow(SealBroken);
    expect(() => box.open(aBox().seal(randomBytes(20), ROW), ROW)).toThrow(/MASTER_KEY/);
  });
});
