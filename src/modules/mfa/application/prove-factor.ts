import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import type { CodeUse } from '../domain/code-use';
import type { Factor } from '../domain/factor';
import type { FactorGuesses } from '../domain/factor-guesses';
import { amrOf, type Method } from '../domain/method';
import { type FactorCheck, FactorChecks } from './factor-check';
import { FactorNotices } from './factor-notices';
import { Factors } from './factors.port';

/** A code as somebody typed it. */
export type TypedCode = {
  /** null: found from the form of the code. Six digits are an authenticator's, or one that was sent; else a backup code. */
  readonly method: Method | null;
  readonly code: string;
};

/** A code that was compared as far as that is slow. To be decided about within the unit of work. */
export type PreparedCode = TypedCode & {
  readonly userId: UserId;
  /** The backup code it matches, as of a moment ago; null: none. */
  readonly backupCodeId: string | null;
};

export type FactorVerdict =
  /** `amr` as in RFC 8176, such as `otp` and `mfa`. */
  | { readonly kind: 'proven'; readonly method: Method; readonly amr: readonly string[] }
  /** `reason` is for the audit log alone. */
  | { readonly kind: 'wrong'; readonly reason: string }
  /** Nothing was compared: too many wrong ones came lately. */
  | { readonly kind: 'too_many'; readonly retryAfterSeconds: number };

type Candidate = { readonly check: FactorCheck; readonly factor: Factor | null };

/**
 * The one place where a code proves a second factor, whatever it is shown for. The account's factors are held meanwhile, so
 * that of codes that come at once each is counted, and none is used twice. Joins the caller's unit of work, which commits
 * whatever the verdict is: a wrong code that is rolled back is not counted.
 */
@Injectable()
export class ProveFactor {
  constructor(
    private readonly factors: Factors,
    private readonly checks: FactorChecks,
    private readonly notices: FactorNotices,
    private readonly work: UnitOfWork,
  ) {}

  execute(prepared: PreparedCode, use: CodeUse): Promise<FactorVerdict> {
    return this.work.run(async (now) => {
      const guesses = await this.factors.take(prepared.userId);
      const retryAfterSeconds = guesses.waitSeconds(now);
      if (retryAfterSeconds > 0) return { kind: 'too_many', retryAfterSeconds };
      const candidates = await this.candidates(prepared, guesses, now);
      for (const { check, factor } of candidates) {
        if (!(await check.redeem({ ...prepared, use, factor }, now))) continue;
        return this.proven(check.method, factor, guesses, now);
      }
      return this.wrong(prepared, candidates, guesses, now);
    });
  }

  /** What is enrolled, offered, and neither stopped nor held, and may have such a code. */
  private async candidates(
    { userId, method, code }: PreparedCode,
    guesses: FactorGuesses,
    now: Date,
  ): Promise<readonly Candidate[]> {
    const confirmed = await this.factors.confirmedOf(userId);
    if (confirmed.length === 0) return [];
    return this.checks.all.flatMap((check): Candidate[] => {
      if (method === null ? !check.fits(code) : check.method !== method) return [];
      if (guesses.isStopped(check.method)) return [];
      if (check.method === 'backup_codes') return [{ check, factor: null }];
      const factor = confirmed.find((one) => one.snapshot().type === check.method);
      return factor && !factor.isHeld(now) ? [{ check, factor }] : [];
    });
  }

  private async proven(
    method: Method,
    factor: Factor | null,
    guesses: FactorGuesses,
    now: Date,
  ): Promise<FactorVerdict> {
    guesses.right(method);
    await this.factors.saveGuesses(guesses);
    if (factor) {
      factor.used(now);
      await this.factors.save(factor);
    }
    return { kind: 'proven', method, amr: amrOf(method) };
  }

  /** Where the method is not said, it counts for the one that was most likely meant. */
  private async wrong(
    { userId }: PreparedCode,
    candidates: readonly Candidate[],
    guesses: FactorGuesses,
    now: Date,
  ): Promise<FactorVerdict> {
    const meant = candidates[0]?.check.method ?? null;
    const wrong = guesses.wrong(meant, now);
    await this.factors.saveGuesses(guesses);
    await this.notices.wrongCode(userId, meant, wrong);
    return { kind: 'wrong', reason: candidates.length === 0 ? 'not_available' : 'code_wrong' };
  }
}
