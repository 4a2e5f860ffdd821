import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../kernel/ids';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { unknownRole } from '../domain/unknown-role';
import { roleGranted } from '../member.events';
import { Members } from './members/members.port';
import { ClaimQuota } from './limits/claim-quota';
import { Tenants } from './tenants.port';

/** Makes a user a member of a tenant with one of its roles. Joins the caller's unit of work. */
@Injectable()
export class JoinTenant {
  constructor(
    private readonly tenants: Tenants,
    private readonly members: Members,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
    private readonly quotas: ClaimQuota,
  ) {}

  /**
   * Sees to it, within the caller's unit of work, that there is room for the user; null: one there is not yet. Who is a
   * member already needs none. To be asked before memberships or users are held (ADR 25). Throws QuotaExceeded.
   */
  async makeRoom(tenant: TenantId, user: UserId | null): Promise<void> {
    if (user !== null && (await this.tenants.hasMember(tenant, user))) return;
    await this.quotas.execute(tenant, 'users');
  }

  /**
   * `by` is who wishes it, for the record. Throws ValidationFailed for a role there is not; NotFound when user or tenant are
   * no more; QuotaExceeded. The unit of work is lost then.
   */
  execute(tenant: TenantId, user: UserId, role: string, by: UserId | null = null): Promise<void> {
    return this.work.run(async (now) => {
      await this.makeRoom(tenant, user);
      if (!(await this.members.findRole(tenant, role))) throw unknownRole('role');
      await this.tenants.addMember(tenant, user, role, now);
      await this.events.append(roleGranted(tenant, user, role, by));
    });
  }
}
