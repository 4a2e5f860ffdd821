import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { Clock } from '../../../../platform/time/clock';
import { common } from '../../../tenancy/tenancy.facade';
import { ApiKeyCodec } from './api-key-codec.port';
import { LiveApiKeys } from './live-api-keys.port';

/** Turns a presented key into whoever it acts for now. */
@Injectable()
export class AuthenticateApiKey {
  constructor(
    private readonly live: LiveApiKeys,
    private readonly codec: ApiKeyCodec,
    private readonly clock: Clock,
  ) {}

  /** null when the text is no key, or key, owner, tenant or membership is no longer in force. */
  async execute(presented: string): Promise<Principal | null> {
    const secretHash = this.codec.hashOf(presented);
    const key = secretHash && (await this.live.find(secretHash, this.clock.now()));
    if (!key) return null;
    return {
      kind: 'api_key',
      userId: key.ownerId,
      tenantId: key.tenantId,
      sessionId: null,
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
