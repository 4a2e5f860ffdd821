import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { tenantPolicyChanged } from '../../policy.events';
import { TenantPolicies } from '../tenant-policies.port';

/** Keeps the names of roles that a tenant's policy demands a second factor of in step with the roles. */
@Injectable()
export class DemandingRoles {
  constructor(
    private readonly policies: TenantPolicies,
    private readonly events: EventLog,
  ) {}

  /** Within the caller's unit of work. `next` is what the role is called now; null: it is no more. */
  async rename({ userId, tenantId }: Principal, former: string, next: string | null, now: Date): Promise<void> {
    const policy = await this.policies.take(tenantId);
    if (!policy?.secondFactorRequiredOf.includes(former)) return;
    const names = policy.secondFactorRequiredOf.flatMap((name) => (name === former ? (next ?? []) : name));
    const revised = { ...policy, secondFactorRequiredOf: [...new Set(names)] };
    await this.policies.save(tenantId, revised, now);
    const revision = { former: policy, next: revised, changed: ['secondFactorRequiredOf'] } as const;
    await this.events.append(tenantPolicyChanged({ userId }, tenantId, revision));
  }
}
