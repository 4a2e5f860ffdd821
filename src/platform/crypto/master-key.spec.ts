import { randomBytes } from 'node:crypto';
import { format, inspect } from 'node:util';
import { MasterKey } from './master-key';

const aKey = (): MasterKey => new MasterKey(randomBytes(32));

describe('the master key', () => {
  it.each([0, 16, 31, 33, 64])('does not have %i bytes', (count) => {
    expect(() => new MasterKey(randomBytes(count))).toThrow(RangeError);
  });

  it.each<[string, (key: MasterKey) => string]>([
    ['as text', (key) => key.toString()],
    ['within a text', (key) => `the key ${String(key)}`],
    ['inspected', (key) => inspect(key, { showHidden: true, depth: null })],
    ['logged', (key) => format('%s %o %j', key, key, key)],
    ['as JSON', (key) => JSON.stringify(key)],
    ['as JSON within something else', (key) => JSON.stringify({ deep: [{ key }] })],
    ['inspected within something else', (key) => inspect({ deep: [{ key }] }, { depth: null })],
  ])('prints as [redacted] %s', (_, print) => {
    const bytes = randomBytes(32);
    const printed = print(new MasterKey(bytes));

    expect(printed).toContain('[redacted]');
    expect(printed).not.toContain(bytes.toString('base64'));
    expect(printed).not.toContain(bytes.toString('hex'));
    expect(printed).not.toContain('Buffer');
  });

  it('has nothing to enumerate or to copy', () => {
    expect(Object.entries(aKey())).toEqual([]);
  });
});

describe('a derived key', () => {
  it('has 32 bytes and is the same each time', () => {
    const bytes = randomBytes(32);
    const derived = new MasterKey(bytes).derive('refresh-token');

    expect(derived).toHaveLength(32);
    expect(new MasterKey(bytes).derive('refresh-token')).toEqual(derived);
  });

  it('is another for another purpose, another salt, or another master key', () => {
    const key = aKey();
    const salt = randomBytes(32);
    const derived = [
      key.derive('refresh-token'),
      key.derive('secret-box'),
      key.derive('refresh-token', salt),
      key.derive('refresh-token', randomBytes(32)),
      key.derive('secret-box', salt),
      aKey().derive('refresh-token'),
    ].map((bytes) => bytes.toString('hex'));

    expect(new Set(derived).size).toBe(derived.length);
  });

  it('is never the master key', () => {
    const bytes = randomBytes(32);

    expect(new MasterKey(bytes).derive('refresh-token').equals(bytes)).toBe(false);
  });
});
