import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import { ApiKeyQueries, type ApiKeyPage, type ApiKeyView } from './application/api-keys/api-key-queries';
import { AuthenticateApiKey } from './application/api-keys/authenticate-api-key';
import { type ApiKeyInput, MintApiKey, type MintedApiKey } from './application/api-keys/mint-api-key';
import { RevokeApiKey } from './application/api-keys/revoke-api-key';
import { type ApiKeyId, isApiKeyId } from './domain/api-keys/api-key-id';

export { CreateApiKeyRequest } from './http/api-keys.dto';
export { isApiKeyId };
export type { ApiKeyId, ApiKeyInput, ApiKeyPage, ApiKeyView, MintedApiKey };

/** All that the rest of the system may ask about API keys. Plain data in, plain data out. */
@Injectable()
export class ApiKeysFacade {
  constructor(
    private readonly authenticating: AuthenticateApiKey,
    private readonly minting: MintApiKey,
    private readonly revoking: RevokeApiKey,
    private readonly queries: ApiKeyQueries,
  ) {}

  /**
   * Whoever a presented key acts for; null when the text is no key, the key is no longer in force, or is not good from that
   * address.
   */
  authenticate(presented: string, ipAddress: string | null): Promise<Principal | null> {
    return this.authenticating.execute(presented, ipAddress);
  }

  /**
   * By an operator. Throws ValidationFailed, QuotaExceeded, and BeyondOwnPermissions when the owner does not hold what
   * the key is to.
   */
  mint(input: Omit<ApiKeyInput, 'madeIn'>): Promise<MintedApiKey> {
    return this.minting.execute({ ...input, madeIn: null });
  }

  /** The tenant's keys in the order they were made, `limit` from behind `cursor` on; without those revoked. */
  list(tenant: TenantId, limit: number, cursor: ApiKeyId | null): Promise<ApiKeyPage> {
    return this.queries.list(tenant, limit, cursor);
  }

  /** Of whichever tenant. Throws NotFound. */
  revoke(id: ApiKeyId): Promise<void> {
    return this.revoking.executeAsOperator(id);
  }
}
