import { createHash } from 'node:crypto';
import { decrypt, encrypt, NONCE_BYTES, TAG_BYTES } from './aes-gcm';
import { MasterKey } from './master-key';
import { Random } from './random';

const VERSION = 1;
const KEY_ID_BYTES = 4;
const HEADER_BYTES = 1 + KEY_ID_BYTES;

/** A sealed secret could not be opened: wrong master key, wrong place, or altered. */
export class SealBroken extends Error {}

/**
 * Secrets that must be read back, at rest: AES-256-GCM, a fresh 96-bit nonce each, bound to their place by `context`.
 * A box holds version (1), key id (4), nonce (12), ciphertext, tag (16).
 */
export class SecretBox {
  private readonly key: Buffer;
  private readonly keyId: Buffer;

  constructor(
    master: MasterKey,
    private readonly random: Random,
  ) {
    this.key = master.derive('secret-box');
    this.keyId = createHash('sha256').update(this.key).digest().subarray(0, KEY_ID_BYTES);
  }

  /** `context` names the row the secret lives in; a box moved to another row does not open there. */
  seal(secret: Buffer, context: string): Buffer {
    const sealed = encrypt(this.key, this.random.bytes(NONCE_BYTES), secret, context);
    return Buffer.concat([Buffer.from([VERSION]), this.keyId, sealed]);
  }

  /** Throws SealBroken when the box was made elsewhere, with another key, or was altered. */
  open(box: Buffer, context: string): Buffer {
    if (box.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES || box[0] !== VERSION)
      throw new SealBroken('Not a sealed secret');
    if (!box.subarray(1, HEADER_BYTES).equals(this.keyId)) throw new SealBroken('Sealed with another MASTER_KEY');
    try {
      return decrypt(this.key, box.subarray(HEADER_BYTES), context);
    } catch (cause) {
      throw new SealBroken('A sealed secret was altered or moved', { cause });
    }
  }
}
