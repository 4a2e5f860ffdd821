import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../kernel/domain-error';
import { isUuid, type TenantId, tenantId } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { changed, type TenantPolicy, type TenantPolicyChange } from '../domain/tenant-policy';
import { tenantPolicyChanged } from '../tenancy.events';
import { TenantPolicies } from './tenant-policies.port';

/** What administrators of a tenant decide for it. Another tenant is as good as none; system administrators reach all. */
@Injectable()
export class TenantPolicyAdministration {
  constructor(
    private readonly policies: TenantPolicies,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws NotFound. */
  async get(by: Principal, id: string): Promise<TenantPolicy> {
    const policy = await this.policies.find(reachable(by, id));
    if (!policy) throw new NotFound();
    return policy;
  }

  /** The policy as it is from now on. Throws NotFound. */
  change(by: Principal, id: string, change: TenantPolicyChange): Promise<TenantPolicy> {
    const tenant = reachable(by, id);
    return this.work.run(async (now) => {
      const policy = await this.policies.take(tenant);
      if (!policy) throw new NotFound();
      const outcome = changed(policy, change);
      if (outcome.fields.length === 0) return policy;
      await this.policies.save(tenant, outcome.policy, now);
      await this.events.append(tenantPolicyChanged(by, tenant, outcome.fields));
      return outcome.policy;
    });
  }
}

function reachable(by: Principal, id: string): TenantId {
  if (!isUuid(id)) throw new NotFound();
  const tenant = tenantId(id);
  if (tenant !== by.tenantId && !by.systemAdministrator) throw new NotFound();
  return tenant;
}
