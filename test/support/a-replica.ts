import { AccessTokens } from '../../src/modules/tokens/application/access-tokens.port';
import { KeyMaker } from '../../src/modules/tokens/application/signing-keys/key-material.port';
import { KeyRingChanges } from '../../src/modules/tokens/application/signing-keys/key-ring-changes';
import { KeyRings } from '../../src/modules/tokens/application/signing-keys/key-rings.port';
import { SigningKeyAdministration } from '../../src/modules/tokens/application/signing-keys/signing-key-administration';
import type { SigningKeys } from '../../src/modules/tokens/application/signing-keys/signing-keys.port';
import { TendSigningKeys } from '../../src/modules/tokens/application/signing-keys/tend-signing-keys';
import { JoseAccessTokens } from '../../src/modules/tokens/infrastructure/jose-access-tokens';
import { StoredSigningKeys } from '../../src/modules/tokens/infrastructure/signing-keys/stored-signing-keys';
import { TokenSettings } from '../../src/platform/config/settings';
import { SecretBox } from '../../src/platform/crypto/secret-box';
import { Database } from '../../src/platform/database/database';
import type { TestContext } from './context';

export type KeyReplica = {
  readonly keys: SigningKeys;
  readonly tokens: AccessTokens;
  readonly tending: TendSigningKeys;
  readonly administration: SigningKeyAdministration;
};

/** All that has to do with signing keys, as another replica on the same database would have it, with its own settings. */
export function aKeyReplica({ app, clock }: TestContext, change: Partial<TokenSettings> = {}): KeyReplica {
  const settings: TokenSettings = Object.assign({}, app.get(TokenSettings), change);
  const [rings, changes] = [app.get(KeyRings), app.get(KeyRingChanges)];
  const tending = new TendSigningKeys(rings, app.get(KeyMaker), changes, settings);
  const keys = new StoredSigningKeys(app.get(Database), app.get(SecretBox), settings, clock);
  return {
    keys,
    tending,
    tokens: new JoseAccessTokens(keys, settings, clock),
    administration: new SigningKeyAdministration(rings, changes, tending, settings),
  };
}
