import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';
import { AccountsFacade } from '../../identity/accounts.facade';
import type { FactorGuesses } from '../domain/factor-guesses';
import type { FactorType } from '../domain/method';
import type { NotEnrolled } from '../mfa.events';
import { FactorNotices } from './factor-notices';
import { Factors } from './factors.port';
import { SentCodes } from './sent-codes.port';

/** What goes before and after every change of somebody's second factors. Joins the caller's unit of work. */
@Injectable()
export class FactorChanges {
  constructor(
    private readonly accounts: AccountsFacade,
    private readonly factors: Factors,
    private readonly codes: SentCodes,
    private readonly notices: FactorNotices,
  ) {}

  /** Holds the account, and then all that is kept of its factors; null when there is no such account any more. */
  async begin(user: UserId): Promise<FactorGuesses | null> {
    return (await this.accounts.hold(user)) ? this.factors.take(user) : null;
  }

  /** A factor is being set up: nothing is over yet. */
  async begun(by: Principal, type: FactorType): Promise<void> {
    await this.notices.setupBegun(by, type);
  }

  /** It was to be confirmed, and is not. */
  async notEnrolled(by: Principal, type: FactorType, reason: NotEnrolled): Promise<void> {
    await this.notices.notEnrolled(by, type, reason);
  }

  /**
   * There is another factor: sessions and devices of before are over, but the session it was set up in (RT-10). So are codes
   * that were sent: one may have gone to a number that is not the account's any more.
   */
  async enrolled(by: Principal, type: FactorType, replaced: boolean): Promise<void> {
    await this.accounts.renewStamp(by.userId);
    await this.codes.removeAllOf(by.userId);
    await this.notices.enrolled(by, type, replaced);
  }

  /** Factors are gone, and so many are left: as above. */
  async removed(by: Principal, types: readonly FactorType[], left: number): Promise<void> {
    await this.accounts.renewStamp(by.userId);
    await this.codes.removeAllOf(by.userId);
    await this.notices.removed(by, types, left);
  }

  /** They were asked to be taken away, and stayed. */
  async notRemoved(by: Principal, reason: string): Promise<void> {
    await this.notices.notRemoved(by, reason);
  }
}
