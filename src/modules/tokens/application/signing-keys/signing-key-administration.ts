import { Injectable } from '@nestjs/common';
import { TokenSettings } from '../../../../platform/config/settings';
import type { KeyRetirement, KeyRotation, SigningKeyState } from '../../domain/signing-keys/key-ring';
import { KeyRingChanges } from './key-ring-changes';
import { KeyRings } from './key-rings.port';
import { KEY_TIMES } from './key-times';
import { TendSigningKeys } from './tend-signing-keys';

export type SigningKeyView = SigningKeyState;

/** What operators do with signing keys. */
@Injectable()
export class SigningKeyAdministration {
  constructor(
    private readonly rings: KeyRings,
    private readonly changes: KeyRingChanges,
    private readonly tending: TendSigningKeys,
    private readonly settings: TokenSettings,
  ) {}

  /** All keys, the newest first; retired ones too. */
  async list(): Promise<readonly SigningKeyView[]> {
    const keys = (await this.rings.find()).snapshot();
    return keys.toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime());
  }

  /**
   * Lets the next key sign, as soon as everybody can know it: a resource server may keep its copy of the JWK set for a
   * while. `atOnce` does not wait for those, for when the current key is in wrong hands. Throws SealBroken.
   */
  async rotate(atOnce: boolean): Promise<KeyRotation> {
    if (this.isSecretShared) return { kind: 'refused', reason: 'no_next_key' };
    // A key sealed under another MASTER_KEY could be opened by nobody once it signs.
    await this.rings.assertReadable();
    await this.tending.replenish();
    const rotation = await this.changes.run((ring, now) => ring.rotate(KEY_TIMES, now, atOnce));
    // The key after that one is published from now on.
    await this.tending.replenish();
    return rotation;
  }

  /** Takes a key out of use; `atOnce` even while tokens it has signed are good. */
  retire(kid: string, atOnce: boolean): Promise<KeyRetirement> {
    return this.changes.run((ring, now) => ring.retire(kid, now, atOnce, !this.isSecretShared));
  }

  private get isSecretShared(): boolean {
    return this.settings.algorithm === 'HS256';
  }
}
