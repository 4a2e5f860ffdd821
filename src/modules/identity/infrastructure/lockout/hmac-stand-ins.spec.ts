import { isUuid } from '../../../../kernel/ids';
import { MasterKey } from '../../../../platform/crypto/master-key';
import { HmacStandIns } from './hmac-stand-ins';

const withKey = (byte: number): HmacStandIns => new HmacStandIns(new MasterKey(Buffer.alloc(32, byte)));
const NAMES = Array.from({ length: 200 }, (_, number) => `nobody-${number}@example.com`);

describe('the account that stands in for a name that is nobody’s', () => {
  const standIns = withKey(1);

  it('is the same each time, and on every replica', () => {
    expect(NAMES.map((name) => withKey(1).accountFor(name))).toEqual(NAMES.map((name) => standIns.accountFor(name)));
  });

  it.each([
    ['Ann@Example.COM', 'ann@example.com'],
    ['ÄNN', 'änn'],
  ])('is the same whatever the case: %s', (one, other) => {
    expect(standIns.accountFor(one)).toBe(standIns.accountFor(other));
  });

  it.each(['ann', '', ' ', 'x'.repeat(400), '\0', 'ann@example.com '])('is that of no other name: %p', (name) => {
    expect(standIns.accountFor(name)).not.toBe(standIns.accountFor('ann@example.com'));
  });

  it('is another one for each name', () => {
    expect(new Set(NAMES.map((name) => standIns.accountFor(name))).size).toBe(NAMES.length);
  });

  it('is a UUID of version 8, which no user has', () => {
    for (const name of NAMES) {
      const account = standIns.accountFor(name);
      expect(isUuid(account)).toBe(true);
      expect(account).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it('cannot be told by who does not have the key', () => {
    for (const name of NAMES) expect(withKey(2).accountFor(name)).not.toBe(standIns.accountFor(name));
  });
});
