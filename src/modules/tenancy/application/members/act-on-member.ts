import { Injectable } from '@nestjs/common';
import { DomainError, NotFound } from '../../../../kernel/domain-error';
import { isUuid, userId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { IdentityFacade, type UserView } from '../../../identity/identity.facade';
import { AboveOwnRights, ActingOnOneself } from '../../domain/member-errors';
import { excess } from '../../domain/rank';
import { actingAboveRefused } from '../../tenancy.events';
import { type Member, Members } from './members.port';

export type ActingRules = {
  /** Whether one may do it to oneself. */
  readonly toOneself: 'allowed' | 'refused';
  /** Members to whom it may be done whatever they may do themselves; left out: none. */
  readonly whateverTheirRights?: (member: Member) => boolean;
};

/** What is done to a member who may be acted on. A DomainError it returns, before it writes anything, refuses. */
export type Act<T> = (member: Member, account: UserView, now: Date) => Promise<T>;

/** The way to the members of the caller's tenant: finds and holds them, and lets nobody act above themselves. */
@Injectable()
export class ActOnMember {
  constructor(
    private readonly members: Members,
    private readonly identity: IdentityFacade,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Throws NotFound, of a user of other tenants alone as of none, ActingOnOneself, AboveOwnRights, and what `act`
   * returns to refuse. Begins the unit of work: not within one.
   */
  async execute<T>(by: Principal, id: string, rules: ActingRules, act: Act<T>): Promise<Exclude<T, DomainError>> {
    if (!isUuid(id)) throw new NotFound();
    const outcome = await this.work.run(async (now): Promise<T | DomainError> => {
      await this.members.holdTenant(by.tenantId);
      const member = await this.members.take(by.tenantId, userId(id));
      const account = member && (await this.identity.users.find(member.userId));
      if (!member || !account) return new NotFound();
      return (await this.refusalOf(by, member, account, rules)) ?? act(member, account, now);
    });
    // Refused only after the commit, so that the attempt stays on record.
    if (outcome instanceof DomainError) throw outcome;
    return outcome as Exclude<T, DomainError>;
  }

  private async refusalOf(
    by: Principal,
    member: Member,
    { systemAdministrator }: UserView,
    { toOneself, whateverTheirRights }: ActingRules,
  ): Promise<DomainError | null> {
    if (toOneself === 'refused' && member.userId === by.userId) return new ActingOnOneself();
    if (whateverTheirRights?.(member) === true) return null;
    const missing = excess(by, { permissions: member.permissions, systemAdministrator });
    if (missing.length === 0) return null;
    await this.events.append(actingAboveRefused(by, member.userId, missing));
    return new AboveOwnRights();
  }
}
