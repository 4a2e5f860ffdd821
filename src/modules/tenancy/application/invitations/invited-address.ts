import { Injectable } from '@nestjs/common';
import { type TenantId, type UserId, userId } from '../../../../kernel/ids';
import { IdentityFacade } from '../../../identity/identity.facade';
import type { MemberStatus } from '../../domain/member-status';
import { Members } from '../members/members.port';
import { EmailDomains } from '../policy/email-domains';

/** Who is a member of nothing. */
const NOBODY = userId('00000000-0000-0000-0000-000000000000');

/** What a tenant says of whom an invitation is for. Within the caller's unit of work. */
@Injectable()
export class InvitedAddress {
  constructor(
    private readonly members: Members,
    private readonly identity: IdentityFacade,
    private readonly domains: EmailDomains,
  ) {}

  /** null: no member. Holds the membership. */
  async standingOf(user: UserId, tenantId: TenantId): Promise<MemberStatus | null> {
    return (await this.members.take(tenantId, user))?.status ?? null;
  }

  /**
   * Locked or disabled members too: an invitation must not lead past that. The same statements whether the address has an
   * account or not: inviters must not learn it from the time.
   */
  async isMember(tenant: TenantId, email: string): Promise<boolean> {
    const account = await this.identity.users.findByReference(email);
    return (await this.standingOf(account?.id ?? NOBODY, tenant)) !== null;
  }

  /** Whether the tenant takes in members with it. */
  isTakenIn(tenant: TenantId, email: string): Promise<boolean> {
    return this.domains.allow(tenant, email);
  }

  /** The same, which stays so until the unit of work ends. Holds the tenant, so it comes before memberships. */
  isTakenInFromNowOn(tenant: TenantId, email: string): Promise<boolean> {
    return this.domains.allowFromNowOn(tenant, email);
  }
}
