import { Injectable } from '@nestjs/common';
import type { RoleId, TenantId, UserId } from '../../../../kernel/ids';
import { EventLog } from '../../../../platform/events/event-log';
import { OWNER } from '../../domain/built-in-roles';
import { roleGranted, roleRevoked } from '../../member.events';
import { ForgetNamesake } from './forget-namesake';
import { type GrantableRole, type Member, Members } from './members.port';

/** Who gives and takes roles; null: an operator. */
type Giver = { readonly userId: UserId | null };

/** The roles of those who are members already. Within the caller's unit of work, which holds the tenant. */
@Injectable()
export class MemberRoles {
  constructor(
    private readonly members: Members,
    private readonly namesake: ForgetNamesake,
    private readonly events: EventLog,
  ) {}

  /** The roles of these names; null: one of them there is not. */
  async find(tenant: TenantId, names: readonly string[]): Promise<readonly GrantableRole[] | null> {
    const found: GrantableRole[] = [];
    for (const name of names) {
      const role = await this.members.findRole(tenant, name);
      if (!role) return null;
      found.push(role);
    }
    return found;
  }

  /** Makes these the roles of a member, and no others. What is new and what is gone is on record, each by itself. */
  async replace(
    { userId: by }: Giver,
    { tenantId, userId, roles: present }: Member,
    roles: readonly GrantableRole[],
    now: Date,
  ): Promise<void> {
    const names = roles.map(({ name }) => name);
    const granted = names.filter((name) => !present.includes(name));
    const revoked = present.filter((name) => !names.includes(name));
    if (granted.length === 0 && revoked.length === 0) return;
    if (revoked.includes(OWNER)) await this.namesake.execute(tenantId, userId);
    const ids: readonly RoleId[] = roles.map(({ id }) => id);
    await this.members.setRoles(tenantId, userId, ids, now);
    for (const role of granted) await this.events.append(roleGranted(tenantId, userId, role, by));
    for (const role of revoked) await this.events.append(roleRevoked(tenantId, userId, role, by));
  }
}
