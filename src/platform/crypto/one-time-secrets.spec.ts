import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { MasterKey } from './master-key';
import { OneTimeSecrets } from './one-time-secrets';
import { SystemRandom } from './random';

/** Bytes of the test's choice, for whoever asks for four: the digits of a code. */
class ChosenRandom extends SystemRandom {
  constructor(private readonly digits: number) {
    super();
  }

  override below(): number {
    return this.digits;
  }
}

const KEY = randomBytes(32);
const secretsWith = (key = KEY, random = new SystemRandom()): OneTimeSecrets =>
  new OneTimeSecrets(random, new MasterKey(key));
const secrets = secretsWith();

describe('a one-time secret', () => {
  it('has a link of 256 bits and a code of six digits', () => {
    const { token, code } = secrets.make(randomUUID());
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(code).toMatch(/^\d{6}$/);
  });

  it.each([
    [0, '000000'],
    [42, '000042'],
    [999_999, '999999'],
  ])('writes the code %i in six digits: %s', (number, code) => {
    expect(secretsWith(KEY, new ChosenRandom(number)).make(randomUUID()).code).toBe(code);
  });

  it('is another each time', () => {
    const made = Array.from({ length: 100 }, () => secrets.make(randomUUID()));
    expect(new Set(made.map(({ token }) => token)).size).toBe(100);
    expect(new Set(made.map(({ code }) => code)).size).toBeGreaterThan(90);
  });

  it('is found by the SHA-256 of its token, on every replica', () => {
    const { token, tokenHash } = secrets.make(randomUUID());
    expect(secretsWith().hashOf(token)).toEqual(tokenHash);
    expect(tokenHash).toEqual(createHash('sha256').update(token).digest());
  });

  it.each([
    ['nothing', ''],
    ['too short', 'a'.repeat(42)],
    ['too long', 'a'.repeat(44)],
    ['base64 of the other kind', `${'a'.repeat(42)}+`],
    ['with a line end', `${'a'.repeat(43)}\n`],
    ['with a space before it', ` ${'a'.repeat(43)}`],
    ['with letters that look alike', `${'a'.repeat(42)}а`],
  ])('is not found by what is no token: %s', (_, text) => {
    expect(secrets.hashOf(text)).toBeNull();
  });
});

describe('the code of a one-time secret', () => {
  const id = randomUUID();
  const { code, codeHash } = secrets.make(id);

  it('is known again, on every replica', () => {
    expect([secrets, secretsWith()].map((each) => each.isCodeOf(id, codeHash, code))).toEqual([true, true]);
  });

  it.each([
    ['another code', String((Number(code) + 1) % 1_000_000).padStart(6, '0')],
    ['one with a space', `${code} `],
    ['one with a line end', `${code}\n`],
    ['five digits', code.slice(1)],
    ['seven digits', `0${code}`],
    ['nothing', ''],
    ['digits of another script', [...code].map((digit) => String.fromCharCode(0x0660 + Number(digit))).join('')],
  ])('is not %s', (_, typed) => {
    expect(secrets.isCodeOf(id, codeHash, typed)).toBe(false);
  });

  it('is that of one row alone', () => {
    expect(secrets.isCodeOf(randomUUID(), codeHash, code)).toBe(false);
  });

  it('cannot be found by trying all of them without the master key', () => {
    expect(secretsWith(randomBytes(32)).isCodeOf(id, codeHash, code)).toBe(false);
    expect(codeHash).not.toEqual(createHash('sha256').update(code).digest());
  });
});

describe('the key of a mailbox', () => {
  it('is the same however the address is spelt, and on every replica', () => {
    const keys = ['ann@example.com', 'Ann@Example.COM'].map((address) => secrets.keyOf(address));
    expect([...keys, secretsWith().keyOf('ANN@example.com')]).toEqual(Array.from({ length: 3 }, () => keys[0]));
    expect(keys[0]).toHaveLength(32);
  });

  it('is another for another address, and under another master key', () => {
    const key = secrets.keyOf('ann@example.com');
    for (const other of [
      secrets.keyOf('bob@example.com'),
      secrets.keyOf('ann@example.com.'),
      secretsWith(randomBytes(32)).keyOf('ann@example.com'),
    ]) {
      expect(other).not.toEqual(key);
    }
  });
});
