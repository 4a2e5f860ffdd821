import { Injectable } from '@nestjs/common';
import type { SessionId, TenantId, UserId } from '../../../../kernel/ids';
import { AccountsFacade } from '../../../identity/accounts.facade';
import { QuotasFacade } from '../../../tenancy/quotas.facade';
import { TenancyFacade } from '../../../tenancy/tenancy.facade';
import { OpenSessions } from '../sessions/open-sessions';

/** What whoever makes a key may do at that moment, which is the most the key may, and what the tenant allows. */
@Injectable()
export class MinterRights {
  constructor(
    private readonly tenancy: TenancyFacade,
    private readonly accounts: AccountsFacade,
    private readonly open: OpenSessions,
    private readonly quotas: QuotasFacade,
  ) {}

  /** Sees to it that one more key is allowed, before anything else is held. Throws QuotaExceeded. */
  makeRoomIn(tenant: TenantId): Promise<void> {
    return this.quotas.claim(tenant, 'api_keys');
  }

  /** For how many days a key made now may live; null: the tenant has not said. */
  maxDaysIn(tenant: TenantId): Promise<number | null> {
    return this.tenancy.apiKeyMaxDaysOf(tenant);
  }

  /**
   * The permissions of the owner in the tenant, within the caller's unit of work. A key made in a session needs that to
   * be in force, and holds it: null when it is over. Nobody has any rights in a tenant they are no member of, or that is
   * suspended.
   */
  async of(owner: UserId, tenant: TenantId, madeIn: SessionId | null, now: Date): Promise<readonly string[] | null> {
    // Membership, user, session: in the order of everybody who holds several.
    const membership = await this.tenancy.membershipOf(owner, tenant);
    if (madeIn !== null) {
      await this.accounts.hold(owner);
      const session = await this.open.take(madeIn);
      return (session && (await this.open.worthIn(tenant, session, now)))?.permissions ?? null;
    }
    return membership?.tenant.status === 'active' ? membership.permissions : [];
  }
}
