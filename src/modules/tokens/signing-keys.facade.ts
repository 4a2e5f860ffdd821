import { Injectable } from '@nestjs/common';
import { SigningKeyAdministration, type SigningKeyView } from './application/signing-keys/signing-key-administration';
import { TendSigningKeys } from './application/signing-keys/tend-signing-keys';
import type { KeyRetirement, KeyRotation } from './domain/signing-keys/key-ring';

export type { KeyRetirement, KeyRotation, SigningKeyView };

/** Signing keys as operators see them. Plain data in, plain data out. */
@Injectable()
export class SigningKeysFacade {
  constructor(
    private readonly tending: TendSigningKeys,
    private readonly administration: SigningKeyAdministration,
  ) {}

  /** Makes the first keys, where there are none. */
  prepare(): Promise<void> {
    return this.tending.prepare();
  }

  /** At the start of a server: the keys follow its settings from here on. */
  followSettings(): Promise<void> {
    return this.tending.followSettings();
  }

  /** All keys, the newest first. */
  list(): Promise<readonly SigningKeyView[]> {
    return this.administration.list();
  }

  /** Lets the next key sign, as soon as everybody can know it or, `atOnce`, without waiting for that. */
  rotate(atOnce: boolean): Promise<KeyRotation> {
    return this.administration.rotate(atOnce);
  }

  /** Takes a key out of use; `atOnce` even while tokens it has signed are good. */
  retire(kid: string, atOnce: boolean): Promise<KeyRetirement> {
    return this.administration.retire(kid, atOnce);
  }
}
