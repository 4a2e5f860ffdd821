import { Injectable } from '@nestjs/common';
import { DomainError, NotFound } from '../../../../kernel/domain-error';
import { isUuid, userId, type UserId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { IdentityFacade, type UserView } from '../../../identity/identity.facade';
import { AboveOwnRights, ActingOnOneself, NoLongerMember } from '../../domain/member-errors';
import { excess, type Rank } from '../../domain/rank';
import { actingAboveRefused, type MemberAct, memberActRefused, noLongerMemberRefused } from '../../member.events';
import { ActorRights } from './actor-rights';
import { type Member, Members } from './members.port';

export type ActingRules = {
  /** The event that tells of it, and of its refusal. */
  readonly event: MemberAct;
  /** Whether one may do it to oneself. */
  readonly toOneself: 'allowed' | 'refused';
  /** Members to whom it may be done whatever they may do themselves; left out: none. */
  readonly whateverTheirRights?: (member: Member) => boolean;
  /** Holds what comes before tenants. Changes nothing yet: it may still be refused. */
  readonly first?: (account: UserView, now: Date) => Promise<void>;
};

/** What is done to a member who may be acted on. A DomainError it returns, before it writes anything, refuses. */
export type Act<T> = (member: Member, account: UserView, now: Date) => Promise<T>;

/** Refusals that say something of the tenant, and not merely of the request. */
const ON_RECORD: readonly string[] = ['LAST_OWNER', 'CONFLICT'];

/** The way to the members of the caller's tenant: finds and holds them, and lets nobody act above themselves. */
@Injectable()
export class ActOnMember {
  constructor(
    private readonly members: Members,
    private readonly rights: ActorRights,
    private readonly identity: IdentityFacade,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Throws NotFound, of a user of other tenants alone as of none, ActingOnOneself, AboveOwnRights, NoLongerMember, and what
   * `act` returns to refuse. LastOwner may be thrown by `act`, and takes all of it back. Refusals stay on record. Begins the
   * unit of work: not within one.
   */
  async execute<T>(by: Principal, id: string, rules: ActingRules, act: Act<T>): Promise<Exclude<T, DomainError>> {
    if (!isUuid(id)) throw new NotFound();
    try {
      const outcome = await this.work.run((now) => this.decide(by, userId(id), rules, act, now));
      // Refused only after the commit, so that the attempt stays on record.
      if (outcome instanceof DomainError) throw outcome;
      return outcome as Exclude<T, DomainError>;
    } catch (error) {
      if (error instanceof DomainError && ON_RECORD.includes(error.code)) {
        const reason = error.code.toLowerCase();
        await this.work.run(() => this.events.append(memberActRefused(by, userId(id), rules.event, reason)));
      }
      throw error;
    }
  }

  private async decide<T>(
    by: Principal,
    id: UserId,
    rules: ActingRules,
    act: Act<T>,
    now: Date,
  ): Promise<T | DomainError> {
    await this.first(id, rules, now);
    await this.members.holdTenant(by.tenantId);
    const actor = await this.rights.of(by);
    if (!actor) {
      await this.events.append(noLongerMemberRefused(by, id));
      return new NoLongerMember();
    }
    const member = await this.members.take(by.tenantId, id);
    const account = member && (await this.identity.users.find(id));
    if (!member || !account) return new NotFound();
    return (await this.refusalOf(by, actor, member, account, rules)) ?? act(member, account, now);
  }

  private async first(id: UserId, { first }: ActingRules, now: Date): Promise<void> {
    const account = first && (await this.identity.users.find(id));
    if (account) await first(account, now);
  }

  private async refusalOf(
    by: Principal,
    actor: Rank,
    member: Member,
    { systemAdministrator }: UserView,
    { toOneself, whateverTheirRights }: ActingRules,
  ): Promise<DomainError | null> {
    if (toOneself === 'refused' && member.userId === by.userId) return new ActingOnOneself();
    if (whateverTheirRights?.(member) === true) return null;
    const missing = excess(actor, { permissions: member.permissions, systemAdministrator });
    if (missing.length === 0) return null;
    await this.events.append(actingAboveRefused(by, member.userId, missing));
    return new AboveOwnRights();
  }
}
