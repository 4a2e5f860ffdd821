import { MasterKey } from '../../../../platform/crypto/master-key';
import { AddressTag } from './address-tag';

describe('the tag of an address', () => {
  const tag = new AddressTag(new MasterKey(Buffer.alloc(32, 1)));

  it('is the same each time, and another under another master key', () => {
    expect(tag.of('203.0.113.7')).toBe(tag.of('203.0.113.7'));
    const addresses = Array.from({ length: 50 }, (_address, index) => `198.51.100.${String(index)}`);
    const other = new AddressTag(new MasterKey(Buffer.alloc(32, 2)));
    expect(addresses.map((address) => tag.of(address))).not.toEqual(addresses.map((address) => other.of(address)));
  });

  it('is of twenty bits, so that thousands of addresses share one', () => {
    const tags = Array.from({ length: 5000 }, (_address, index) =>
      tag.of(`10.0.${String(index >> 8)}.${String(index & 255)}`),
    );
    expect(tags.every((each) => Number.isInteger(each) && each >= 0 && each <= 0xfffff)).toBe(true);
    expect(new Set(tags).size).toBeLessThan(5000);
    expect(new Set(tags).size).toBeGreaterThan(4000);
  });
});
