import * as fc from 'fast-check';
import { boxed, commitmentTo, saltOf, unboxed } from './personal-box';

const KEY = Buffer.alloc(32, 7);
const NONCE = Buffer.alloc(12, 9);
const FIELDS = { ipAddress: '203.0.113.7', userAgent: 'Mozilla/5.0 (X11; Linux x86_64) “é”' };

describe('the box of a person', () => {
  const box = boxed(FIELDS, KEY, 'event-1', NONCE)!;

  it('is none where there is nothing personal', () => {
    expect(boxed({ ipAddress: null, userAgent: null }, KEY, 'event-1', NONCE)).toBeNull();
  });

  it('gives back what was put in', () => {
    const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 40 }));
    fc.assert(
      fc.property(text, text, fc.uuid(), (ipAddress, userAgent, id) => {
        const made = boxed({ ipAddress, userAgent }, KEY, id, NONCE);
        if (made === null) expect([ipAddress, userAgent]).toEqual([null, null]);
        else expect(unboxed(made, KEY, id)).toEqual({ ipAddress, userAgent });
      }),
    );
  });

  it('opens with no other key, for no other event, and not when a byte of it is another', () => {
    expect(() => unboxed(box, Buffer.alloc(32, 8), 'event-1')).toThrow();
    expect(() => unboxed(box, KEY, 'event-2')).toThrow();
    for (const part of ['box', 'digest'] as const) {
      for (let at = 0; at < box[part].length; at += 1) {
        const altered = Buffer.from(box[part]);
        altered.writeUInt8(altered.readUInt8(at) ^ 0x80, at);
        expect(() => unboxed({ ...box, [part]: altered }, KEY, 'event-1')).toThrow();
      }
    }
  });

  it('is not swapped for another of the same person: its fields would not be those committed to', () => {
    const other = boxed({ ...FIELDS, ipAddress: '203.0.113.8' }, KEY, 'event-1', Buffer.alloc(12, 10))!;
    expect(() => unboxed({ box: other.box, digest: box.digest }, KEY, 'event-1')).toThrow('committed');
  });

  it('commits to its fields with a salt that is of one event alone, and tells nothing without it', () => {
    const again = boxed(FIELDS, KEY, 'event-2', NONCE)!;
    expect(again.digest).not.toEqual(box.digest);
    expect(commitmentTo(FIELDS, saltOf(KEY, 'event-1'))).toEqual(box.digest);
    expect(commitmentTo({ ...FIELDS, userAgent: null }, saltOf(KEY, 'event-1'))).not.toEqual(box.digest);
    expect(box.box.toString('latin1')).not.toContain('203.0.113');
  });
});
