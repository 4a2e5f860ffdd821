import { decrypt, encrypt, NONCE_BYTES, TAG_BYTES } from './aes-gcm';

/** Case 14 of the vectors of the mode's authors (McGrew and Viega), with an empty context: a key, a nonce, a block of zeros. */
const KNOWN = { key: Buffer.alloc(32), nonce: Buffer.alloc(12), plain: Buffer.alloc(16) };
const KNOWN_SEALED = '000000000000000000000000cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919';

describe('AES-256-GCM', () => {
  const key = Buffer.alloc(32, 1);
  const nonce = Buffer.alloc(NONCE_BYTES, 2);
  const secret = Buffer.from('203.0.113.7');
  const sealed = encrypt(key, nonce, secret, 'row 1');

  it('is the one everybody knows', () => {
    expect(encrypt(KNOWN.key, KNOWN.nonce, KNOWN.plain, '').toString('hex')).toBe(KNOWN_SEALED);
  });

  it('opens with its key and in its context alone', () => {
    expect(decrypt(key, sealed, 'row 1')).toEqual(secret);
    expect(() => decrypt(Buffer.alloc(32, 3), sealed, 'row 1')).toThrow();
    expect(() => decrypt(key, sealed, 'row 2')).toThrow();
  });

  it('does not open with any of its bytes changed, or fewer of them', () => {
    for (let at = 0; at < sealed.length; at += 1) {
      const altered = Buffer.from(sealed);
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
      expect(() => decrypt(key, altered, 'row 1')).toThrow();
      expect(() => decrypt(key, sealed.subarray(0, at), 'row 1')).toThrow();
    }
    expect(sealed).toHaveLength(NONCE_BYTES + secret.length + TAG_BYTES);
  });
});
