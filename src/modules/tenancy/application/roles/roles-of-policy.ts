import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { changed } from '../../domain/tenant-policy';
import { tenantPolicyChanged } from '../../policy.events';
import { TenantPolicies } from '../tenant-policies.port';

/** Keeps the names of roles that a tenant's policy speaks of in step with the roles. */
@Injectable()
export class RolesOfPolicy {
  constructor(
    private readonly policies: TenantPolicies,
    private readonly events: EventLog,
  ) {}

  /** Within the caller's unit of work. `next` is what the role is called now; null: it is no more. */
  async rename({ userId, tenantId }: Principal, role: string, next: string | null, now: Date): Promise<void> {
    const former = await this.policies.take(tenantId);
    if (!former) return;
    const demanding = former.secondFactorRequiredOf.flatMap((name) => (name === role ? (next ?? []) : name));
    const { policy, fields } = changed(former, {
      secondFactorRequiredOf: [...new Set(demanding)],
      autoJoinRole: former.autoJoinRole === role ? next : undefined,
    });
    if (fields.length === 0) return;
    await this.policies.save(tenantId, policy, now);
    await this.events.append(tenantPolicyChanged({ userId }, tenantId, { former, next: policy, changed: fields }));
  }
}
