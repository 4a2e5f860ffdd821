import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import { isUuid, type UserId, userId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { IdentityFacade, type UserView } from '../../../identity/identity.facade';
import { FactorsOfTheirOwn } from '../../domain/member-errors';
import { SECOND_FACTORS_RESET } from '../../member.events';
import { ActOnMember, type ActingRules } from './act-on-member';
import { type Member, Members } from './members.port';
import { StripAccount } from './strip-account';

const RULES: ActingRules = { event: SECOND_FACTORS_RESET, toOneself: 'refused' };

/**
 * Takes away the second factors of a member who lost them, and ends all sessions. A tenant does so only where no other one
 * depends on them; system administrators reach every user (ADR 28).
 */
@Injectable()
export class ResetSecondFactors {
  constructor(
    private readonly acting: ActOnMember,
    private readonly members: Members,
    private readonly identity: IdentityFacade,
    private readonly stripping: StripAccount,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws as `ActOnMember` does; FactorsOfTheirOwn, which stays on record. */
  async execute(by: Principal, id: string): Promise<void> {
    try {
      await this.acting.execute(by, id, RULES, (member, account, now) => this.reset(by, member, account, now));
    } catch (error) {
      if (!(error instanceof NotFound) || !by.systemAdministrator || !isUuid(id)) throw error;
      if (!(await this.resetElsewhere(by, userId(id)))) throw error;
    }
  }

  private async reset(
    by: Principal,
    { tenantId, userId: id }: Member,
    account: UserView,
    now: Date,
  ): Promise<FactorsOfTheirOwn | null> {
    await this.stripping.hold(id);
    const isAllowed = by.systemAdministrator || !(await this.members.isBoundElsewhere(tenantId, id));
    if (!isAllowed) return new FactorsOfTheirOwn();
    await this.stripping.execute(by, account, tenantId, now);
    return null;
  }

  /** False: there is no such user. */
  private resetElsewhere(by: Principal, id: UserId): Promise<boolean> {
    return this.work.run(async (now) => {
      await this.stripping.hold(id);
      const account = await this.identity.users.find(id);
      if (account) await this.stripping.execute(by, account, null, now);
      return account !== null;
    });
  }
}
