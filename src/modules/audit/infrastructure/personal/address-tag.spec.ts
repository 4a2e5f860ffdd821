import { createHash } from 'node:crypto';
import type { AuditSecret } from '../audit-secret';
import { AddressTag, type TagOf } from './address-tag';

/** As it is with one secret or another. */
function taggerWith(secret: string): Promise<TagOf> {
  const derive = (purpose: string): Promise<Buffer> =>
    Promise.resolve(createHash('sha256').update(`${secret}/${purpose}`).digest());
  return new AddressTag({ derive } as unknown as AuditSecret).tagger();
}

describe('the tag of an address', () => {
  it('is the same each time, and another under another secret', async () => {
    const [tagOf, again, otherTagOf] = [await taggerWith('one'), await taggerWith('one'), await taggerWith('another')];
    expect(tagOf('203.0.113.7')).toBe(again('203.0.113.7'));
    const addresses = Array.from({ length: 50 }, (_address, index) => `198.51.100.${String(index)}`);
    expect(addresses.map(tagOf)).not.toEqual(addresses.map(otherTagOf));
  });

  it('is of twenty bits, so that thousands of addresses share one', async () => {
    const tagOf = await taggerWith('one');
    const tags = Array.from({ length: 5000 }, (_address, index) =>
      tagOf(`10.0.${String(index >> 8)}.${String(index & 255)}`),
    );
    expect(tags.every((each) => Number.isInteger(each) && each >= 0 && each <= 0xfffff)).toBe(true);
    expect(new Set(tags).size).toBeLessThan(5000);
    expect(new Set(tags).size).toBeGreaterThan(4000);
  });
});
