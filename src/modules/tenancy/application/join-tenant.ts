import { Injectable } from '@nestjs/common';
import { ValidationFailed } from '../../../kernel/domain-error';
import type { TenantId, UserId } from '../../../kernel/ids';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { roleGranted } from '../tenancy.events';
import { Members } from './members/members.port';
import { Tenants } from './tenants.port';

const UNKNOWN_ROLE = { field: 'role', code: 'FIELD_INVALID', message: 'There is no such role.' };

/** Makes a user a member of a tenant with one of its roles. Joins the caller's unit of work. */
@Injectable()
export class JoinTenant {
  constructor(
    private readonly tenants: Tenants,
    private readonly members: Members,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /**
   * `by` is who wishes it, for the record. Throws ValidationFailed for a role there is not; NotFound when user or tenant are
   * no more. The unit of work is lost then.
   */
  execute(tenant: TenantId, user: UserId, role: string, by: UserId | null = null): Promise<void> {
    return this.work.run(async (now) => {
      if (!(await this.members.findRole(tenant, role))) throw new ValidationFailed([UNKNOWN_ROLE]);
      await this.tenants.addMember(tenant, user, role, now);
      await this.events.append(roleGranted(tenant, user, role, by));
    });
  }
}
