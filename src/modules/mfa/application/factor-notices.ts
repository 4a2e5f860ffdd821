import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';
import { EventLog } from '../../../platform/events/event-log';
import type { WrongCode } from '../domain/factor-guesses';
import { amrOf, type FactorType, type Method } from '../domain/method';
import {
  backupCodesRenewed,
  backupCodeUsed,
  codesPaused,
  factorEnrolled,
  factorNotEnrolled,
  factorsDisabled,
  factorsKept,
  factorStopped,
  type NotEnrolled,
  setupBegun,
} from '../mfa.events';

/** Puts on record what happens to second factors; FactorMails hears it, and tells their user. Joins the unit of work. */
@Injectable()
export class FactorNotices {
  constructor(private readonly events: EventLog) {}

  async enrolled(by: Principal, type: FactorType, replaced: boolean): Promise<void> {
    await this.events.append(factorEnrolled(by, type, amrOf(type), replaced));
  }

  async notEnrolled(by: Principal, type: FactorType, reason: NotEnrolled): Promise<void> {
    await this.events.append(factorNotEnrolled(by, type, reason));
  }

  /** It proves nothing yet. */
  async setupBegun(by: Principal, type: FactorType): Promise<void> {
    await this.events.append(setupBegun(by, type));
  }

  async removed(by: Principal, types: readonly FactorType[], left: number): Promise<void> {
    await this.events.append(factorsDisabled(by, types, left));
  }

  /** They were asked to be removed, and were not. */
  async notRemoved(by: Principal, reason: string): Promise<void> {
    await this.events.append(factorsKept(by, reason));
  }

  /** Whoever shows codes has shown the password before: the owner hears of it when they are many. */
  async wrongCode(user: UserId, method: Method | null, wrong: WrongCode): Promise<void> {
    if (wrong.stopped && method) await this.events.append(factorStopped(user, method, wrong.failures));
    if (wrong.nowWaits) await this.events.append(codesPaused(user, method));
  }

  /** `left` are those that are good after this one. */
  async backupCodeUsed(user: UserId, left: number): Promise<void> {
    await this.events.append(backupCodeUsed(user, left));
  }

  async backupCodesRenewed(by: Principal): Promise<void> {
    await this.events.append(backupCodesRenewed(by));
  }
}
