import { Injectable } from '@nestjs/common';
import { RateLimitExceeded } from '../../../kernel/domain-error';
import type { Principal } from '../../../kernel/principal';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { NothingToConfirm, WrongFactorCode } from '../domain/errors';
import type { Factor } from '../domain/factor';
import type { FactorType } from '../domain/method';
import type { NotEnrolled } from '../mfa.events';
import { Confirmation } from './confirmation';
import { FactorChanges } from './factor-changes';
import { type FactorCheck, FactorChecks } from './factor-check';
import { Factors } from './factors.port';

type Outcome = 'enrolled' | 'nothing' | 'wrong' | { readonly waitSeconds: number };

/**
 * A factor is one once its user has shown a code of it. It takes the place of the one of its kind, and the backup codes
 * that were made with it take the place of the old ones.
 */
@Injectable()
export class ConfirmFactor {
  constructor(
    private readonly factors: Factors,
    private readonly checks: FactorChecks,
    private readonly changes: FactorChanges,
    private readonly confirmation: Confirmation,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws WrongFactorCode, NothingToConfirm, and RateLimitExceeded after too many wrong codes of the account. */
  async execute(by: Principal, type: FactorType, code: string): Promise<void> {
    const outcome = await this.work.run((now) => this.decide(by, type, code, now));
    // Refused only after the commit, so that a wrong code stays counted.
    if (outcome === 'nothing') throw new NothingToConfirm();
    if (outcome === 'wrong') throw new WrongFactorCode();
    if (outcome !== 'enrolled') throw new RateLimitExceeded(outcome.waitSeconds);
  }

  private async decide(by: Principal, type: FactorType, code: string, now: Date): Promise<Outcome> {
    const outcome = await this.outcomeOf(by, type, code, now);
    if (outcome !== 'enrolled') await this.changes.notEnrolled(by, type, reasonOf(outcome));
    return outcome;
  }

  private async outcomeOf(by: Principal, type: FactorType, code: string, now: Date): Promise<Outcome> {
    const guesses = await this.changes.begin(by.userId);
    if (!guesses) return 'nothing';
    const waitSeconds = guesses.waitSeconds(now);
    if (waitSeconds > 0) return { waitSeconds };
    const factor = await this.factors.beingSetUp(by.userId, type, now);
    const check = this.checks.all.find(({ method }) => method === type);
    if (!factor || !check) return 'nothing';
    if (!(await isRight(check, factor, code, now))) {
      await this.confirmation.failed(guesses, type, now);
      return 'wrong';
    }
    await this.confirmation.succeeded(by, factor, guesses, now);
    return 'enrolled';
  }
}

function reasonOf(outcome: Exclude<Outcome, 'enrolled'>): NotEnrolled {
  if (outcome === 'nothing') return 'nothing_to_confirm';
  return outcome === 'wrong' ? 'code_wrong' : 'too_many';
}

function isRight(check: FactorCheck, factor: Factor, code: string, now: Date): Promise<boolean> {
  const { id, userId } = factor.snapshot();
  return check.redeem({ userId, code, use: { kind: 'factor', id }, factor, backupCodeId: null }, now);
}
