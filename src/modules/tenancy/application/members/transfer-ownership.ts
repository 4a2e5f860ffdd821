import { Injectable } from '@nestjs/common';
import type { DomainError } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import type { UserView } from '../../../identity/identity.facade';
import { ADMIN, OWNER } from '../../domain/built-in-roles';
import { StatusContradicted } from '../../domain/member-errors';
import { NeedsOwner } from '../../domain/tenant-errors';
import { OWNERSHIP_TRANSFERRED, ownershipTransferred, transferRefused } from '../../tenancy.events';
import { ActOnMember } from './act-on-member';
import { MemberRoles } from './member-roles';
import { type Member, Members } from './members.port';

/** Makes another member the owner of the tenant, and its owner an administrator: both, or neither. */
@Injectable()
export class TransferOwnership {
  constructor(
    private readonly acting: ActOnMember,
    private readonly members: Members,
    private readonly roles: MemberRoles,
    private readonly events: EventLog,
  ) {}

  /** Throws as `ActOnMember` does; NeedsOwner, which stays on record; StatusContradicted for who is locked or disabled. */
  async execute(by: Principal, id: string): Promise<void> {
    const rules = { event: OWNERSHIP_TRANSFERRED, toOneself: 'refused' } as const;
    await this.acting.execute(by, id, rules, (member, account, now) => this.transfer(by, member, account, now));
  }

  private async transfer(by: Principal, to: Member, account: UserView, now: Date): Promise<DomainError | null> {
    const from = await this.members.take(by.tenantId, by.userId);
    if (!from?.roles.includes(OWNER)) {
      await this.events.append(transferRefused(by, to.userId));
      return new NeedsOwner();
    }
    const status = account.status === 'active' ? to.status : account.status;
    if (status !== 'active') return new StatusContradicted(status);
    await this.give(by, to, [...to.roles, OWNER], now);
    await this.give(by, from, [...from.roles.filter((role) => role !== OWNER), ADMIN], now);
    await this.events.append(ownershipTransferred(by, to.userId));
    return null;
  }

  private async give(by: Principal, member: Member, names: readonly string[], now: Date): Promise<void> {
    const roles = await this.roles.find(by.tenantId, [...new Set(names)]);
    if (!roles) throw new Error('A role that is held, or built in, is not there: run "doorward seed"');
    await this.roles.replace(by, member, roles, now);
  }
}
