import type { KeyRing } from '../../domain/signing-keys/key-ring';
import type { KeyMaterial } from './key-material.port';

/** The store of signing keys. */
export abstract class KeyRings {
  /** All keys there are, retired ones too. */
  abstract find(): Promise<KeyRing>;

  /** As `find`, for changing it: whoever else takes it waits until the unit of work ends. */
  abstract take(): Promise<KeyRing>;

  /** What changed in the ring. `material` holds both halves of each key that was not stored before. */
  abstract save(ring: KeyRing, material: readonly KeyMaterial[]): Promise<void>;

  /** Throws SealBroken when the stored private keys were sealed under another MASTER_KEY than ours. */
  abstract assertReadable(): Promise<void>;
}
