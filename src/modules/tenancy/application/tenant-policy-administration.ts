import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../kernel/domain-error';
import type { TenantId } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { BeyondTenantPolicy } from '../domain/errors';
import {
  changed,
  isForSystemAdministrators,
  type TenantPolicy,
  type TenantPolicyChange,
} from '../domain/tenant-policy';
import { unknownRole } from '../domain/unknown-role';
import { tenantPolicyChanged } from '../policy.events';
import { acceptableChange } from './policy/acceptable-change';
import { TenantPolicies } from './tenant-policies.port';
import { reachable } from './tenants/reachable-tenant';
import { TenantAuthority } from './tenants/tenant-authority';

/** What administrators of a tenant decide for it. Another tenant is as good as none; system administrators reach all. */
@Injectable()
export class TenantPolicyAdministration {
  constructor(
    private readonly policies: TenantPolicies,
    private readonly authority: TenantAuthority,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws NotFound. */
  async get(by: Principal, id: string): Promise<TenantPolicy> {
    const policy = await this.policies.find(reachable(by, id));
    if (!policy) throw new NotFound();
    return policy;
  }

  /**
   * The policy as it is from now on. `ipAddress` is where the wish comes from. Throws NotFound; ValidationFailed for
   * roles there are not, for what is no domain, and for networks that would shut the caller out; BeyondTenantPolicy,
   * which stays on record.
   */
  async change(by: Principal, id: string, change: TenantPolicyChange, ipAddress: string | null): Promise<TenantPolicy> {
    const tenant = reachable(by, id);
    const { systemAdministrator } = by;
    const policy = await this.decide(by, tenant, acceptableChange(change, { systemAdministrator, ipAddress }));
    if (!policy) throw new BeyondTenantPolicy();
    return policy;
  }

  /** Null when it is refused. */
  private decide(by: Principal, tenant: TenantId, change: TenantPolicyChange): Promise<TenantPolicy | null> {
    return this.work.run(async (now) => {
      const present = await this.policies.take(tenant);
      if (!present) throw new NotFound();
      await this.refuseUnknownRoles(tenant, change);
      const { policy, fields } = changed(present, change);
      if (fields.length === 0) return present;
      if (isForSystemAdministrators(present, policy) && (await this.authority.refusalOfTenants(by, tenant)))
        return null;
      await this.policies.save(tenant, policy, now);
      await this.events.append(tenantPolicyChanged(by, tenant, { former: present, next: policy, changed: fields }));
      return policy;
    });
  }

  private async refuseUnknownRoles(tenant: TenantId, change: TenantPolicyChange): Promise<void> {
    const { secondFactorRequiredOf: demanding = [], autoJoinRole } = change;
    const joining = autoJoinRole ? [autoJoinRole] : [];
    const unknown = await this.policies.unknownRoles(tenant, [...demanding, ...joining]);
    if (demanding.some((role) => unknown.includes(role))) throw unknownRole('mfa_required_roles');
    if (unknown.length > 0) throw unknownRole('auto_join_role');
  }
}
