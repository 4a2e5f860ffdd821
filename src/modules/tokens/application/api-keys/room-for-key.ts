import { Injectable } from '@nestjs/common';
import type { SessionId, TenantId, UserId } from '../../../../kernel/ids';
import { QuotasFacade } from '../../../tenancy/quotas.facade';
import { MinterRights } from './minter-rights';

/** Whether a tenant has room for one more key, and what whoever makes it may do. */
@Injectable()
export class RoomForKey {
  constructor(
    private readonly quotas: QuotasFacade,
    private readonly rights: MinterRights,
  ) {}

  /** As MinterRights, of a key that is added in the same unit of work. Throws QuotaExceeded. */
  async make(owner: UserId, tenant: TenantId, madeIn: SessionId | null, now: Date): Promise<readonly string[] | null> {
    // The tenant comes before membership, user and session.
    await this.quotas.claim(tenant, 'api_keys');
    return this.rights.of(owner, tenant, madeIn, now);
  }
}
