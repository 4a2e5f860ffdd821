import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import { isUuid, userId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { IdentityFacade } from '../../../identity/identity.facade';
import { LockoutFacade } from '../../../identity/lockout.facade';
import { StatusContradicted } from '../../domain/member-errors';
import { afterChange } from '../../domain/member-status';
import { memberUnlocked, STATUS_EVENTS } from '../../member.events';
import { ActOnMember, type ActingRules } from './act-on-member';
import { type Member, Members } from './members.port';

/** Whoever is kept out by wrong passwords alone gains no right by it that they had not all the time. */
const RULES: ActingRules = {
  event: STATUS_EVENTS.unlock,
  toOneself: 'allowed',
  whateverTheirRights: ({ status }) => status === 'active',
};

/**
 * Lets a member in again whom an administrator locked or whom wrong passwords kept out. System administrators reach
 * every user, as far as wrong passwords go.
 */
@Injectable()
export class UnlockMember {
  constructor(
    private readonly acting: ActOnMember,
    private readonly members: Members,
    private readonly identity: IdentityFacade,
    private readonly lockouts: LockoutFacade,
    private readonly events: EventLog,
  ) {}

  /** Throws as `ActOnMember` does, where the member was locked; StatusContradicted. */
  async execute(by: Principal, id: string): Promise<void> {
    try {
      await this.acting.execute(by, id, RULES, (member) => this.unlock(by, member));
    } catch (error) {
      if (!(error instanceof NotFound) || !by.systemAdministrator || !isUuid(id)) throw error;
      const elsewhere = await this.identity.users.find(userId(id));
      if (!elsewhere) throw error;
      await this.lockouts.unlock(elsewhere.id, by);
    }
  }

  private async unlock(by: Principal, member: Member): Promise<StatusContradicted | null> {
    const { tenantId, userId, status } = member;
    const outcome = afterChange(status, 'unlock');
    if (outcome.kind === 'contradicted') return new StatusContradicted(status);
    if (outcome.kind === 'changed') {
      await this.members.setStatus(tenantId, userId, outcome.status);
      await this.lockouts.clear(userId);
      await this.events.append(memberUnlocked(by, member));
    } else {
      await this.lockouts.unlock(userId, by);
    }
    return null;
  }
}
