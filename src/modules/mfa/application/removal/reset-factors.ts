import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import { AccountsFacade } from '../../../identity/accounts.facade';
import type { FactorType } from '../../domain/method';
import { factorsReclaimed } from '../../mfa.events';
import { FactorChanges } from '../factor-changes';
import { ClearFactors } from './clear-factors';

/** Takes second factors away without a code of them. Joins the caller's unit of work. */
@Injectable()
export class ResetFactors {
  constructor(
    private readonly changes: FactorChanges,
    private readonly clearing: ClearFactors,
    private readonly accounts: AccountsFacade,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * The caller tells why. The security stamp is another from then on, whether there were any or not: what was opened before is
   * over. Returns the kinds there were.
   */
  execute(user: UserId): Promise<readonly FactorType[]> {
    return this.work.run(async () => {
      if (!(await this.changes.begin(user))) return [];
      const types = await this.clearing.execute(user);
      await this.accounts.renewStamp(user);
      return types;
    });
  }

  /**
   * Whoever set factors up before anybody had proven the address of the account need not be its owner, and would keep the
   * owner out by them (RC-09).
   */
  async onPasswordReset(event: DomainEvent): Promise<void> {
    if (event.details?.first_proof === true) await this.onReclaimed(event);
  }

  /** As at the first proof by mail: an identity provider vouches for the owner of the mailbox. */
  async onReclaimed({ userId, outcome }: DomainEvent): Promise<void> {
    if (outcome !== 'success' || userId === null) return;
    await this.work.run(async () => {
      const types = await this.execute(userId);
      if (types.length > 0) await this.events.append(factorsReclaimed(userId, types));
    });
  }
}
