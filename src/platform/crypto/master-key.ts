import { hkdfSync } from 'node:crypto';

/** The one secret every other key is derived from (HKDF-SHA-256, RFC 5869). Prints as `[redacted]`. */
export class MasterKey {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    if (bytes.length !== 32) throw new RangeError('A master key has 32 bytes');
    this.#bytes = Buffer.from(bytes);
  }

  /**
   * A 32-byte key for one purpose. Different purposes or salts give unrelated keys, so one leaked key opens nothing else.
   * @param purpose a fixed label, such as `refresh-token`
   * @param salt optional second secret; the result then needs both
   */
  derive(purpose: string, salt: Buffer = Buffer.alloc(0)): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#bytes, salt, `doorward/${purpose}/v1`, 32));
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]';
  }
}
