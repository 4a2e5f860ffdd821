import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { isWithin } from '../../../../platform/network/networks';
import { Clock } from '../../../../platform/time/clock';
import { common } from '../../../tenancy/tenancy.facade';
import { ApiKeyCodec } from './api-key-codec.port';
import { DeniedUses } from './denied-uses';
import { KeyUses } from './key-uses.port';
import { LiveApiKeys } from './live-api-keys.port';

/** Turns a presented key into whoever it acts for now. */
@Injectable()
export class AuthenticateApiKey {
  constructor(
    private readonly live: LiveApiKeys,
    private readonly codec: ApiKeyCodec,
    private readonly clock: Clock,
    private readonly uses: KeyUses,
    private readonly denied: DeniedUses,
  ) {}

  /**
   * null when the text is no key; when key, owner, tenant or membership is no longer in force; or when the key is not good
   * from that address, which is on record. A good one is noted as used.
   * @param ipAddress canonical; null: unknown, and no key that is bound to networks is good from there
   */
  async execute(presented: string, ipAddress: string | null): Promise<Principal | null> {
    const secretHash = this.codec.hashOf(presented);
    if (!secretHash) return null;
    const now = this.clock.now();
    const key = await this.live.find(secretHash, now);
    if (!key) return null;
    if (!isWithin(key.allowedIps, ipAddress)) {
      await this.denied.record(key);
      return null;
    }
    this.uses.note(key.id, now);
    return {
      kind: 'api_key',
      userId: key.ownerId,
      tenantId: key.tenantId,
      sessionId: null,
      apiKeyId: key.id,
      authenticatedAt: null,
      // A role says more than a key may do.
      roles: [],
      permissions: common(key.permissions, key.ownerPermissions),
      systemAdministrator: false,
      assurance: null,
      confined: false,
      networks: key.networks,
    };
  }
}
