import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { SealBroken } from '../../../platform/crypto/secret-box';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import type { CodeUse } from '../domain/code-use';
import { type Factor, isHeld } from '../domain/factor';
import type { FactorGuesses } from '../domain/factor-guesses';
import { amrOf, type Method } from '../domain/method';
import { type FactorCheck, FactorChecks } from './factor-check';
import { FactorNotices } from './factor-notices';
import { Factors } from './factors.port';
import { FactorQueries } from './standing/factor-queries';

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

type Right = { readonly method: Method; readonly factor: Factor | null };

/**
 * The one place where a code proves a second factor, whatever it is shown for. The account's factors are held meanwhile, so
 * that of codes that come at once each is counted, and none is used twice. Joins the caller's unit of work, which commits
 * whatever the verdict is: a wrong code that is rolled back is not counted.
 */
@Injectable()
export class ProveFactor {
  constructor(
    private readonly factors: Factors,
    private readonly queries: FactorQueries,
    private readonly checks: FactorChecks,
    private readonly notices: FactorNotices,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws SealBroken when of all that the code could be of nothing opens. */
  execute(prepared: PreparedCode, use: CodeUse): Promise<FactorVerdict> {
    return this.work.run(async (now) => {
      const guesses = await this.factors.take(prepared.userId);
      const retryAfterSeconds = guesses.waitSeconds(now);
      if (retryAfterSeconds > 0) return { kind: 'too_many', retryAfterSeconds };
      const candidates = await this.candidates(prepared, guesses, now);
      const right = await this.rightOf(candidates, prepared, use, now);
      return right ? this.proven(right, guesses, now) : this.wrong(prepared, candidates, guesses, now);
    });
  }

  /** A factor that does not open keeps nobody from showing another. A wrong code counts as soon as any was compared with it. */
  private async rightOf(
    candidates: readonly FactorCheck[],
    prepared: PreparedCode,
    use: CodeUse,
    now: Date,
  ): Promise<Right | null> {
    const broken: SealBroken[] = [];
    for (const check of candidates) {
      const factor = await this.opened(prepared.userId, check.method);
      if (factor instanceof SealBroken) broken.push(factor);
      else if (await check.redeem({ ...prepared, use, factor }, now)) return { method: check.method, factor };
    }
    if (broken[0] && broken.length === candidates.length) throw broken[0];
    return null;
  }

  /** Backup codes are of no factor. */
  private async opened(user: UserId, method: Method): Promise<Factor | SealBroken | null> {
    try {
      return method === 'backup_codes' ? null : await this.factors.confirmedOne(user, method);
    } catch (error) {
      if (error instanceof SealBroken) return error;
      throw error;
    }
  }

  /** What is enrolled, offered, and neither stopped nor held, and may have such a code. */
  private async candidates(
    { userId, method, code }: PreparedCode,
    guesses: FactorGuesses,
    now: Date,
  ): Promise<readonly FactorCheck[]> {
    const enrolled = await this.queries.listOf(userId);
    if (enrolled.length === 0) return [];
    return this.checks.all.filter((check) => {
      if (method === null ? !check.fits(code) : check.method !== method) return false;
      if (guesses.isStopped(check.method)) return false;
      if (check.method === 'backup_codes') return true;
      return enrolled.some((factor) => factor.type === check.method && !isHeld(factor, now));
    });
  }

  private async proven({ method, factor }: Right, guesses: FactorGuesses, now: Date): Promise<FactorVerdict> {
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
    candidates: readonly FactorCheck[],
    guesses: FactorGuesses,
    now: Date,
  ): Promise<FactorVerdict> {
    const meant = candidates[0]?.method ?? null;
    const wrong = guesses.wrong(meant, now);
    await this.factors.saveGuesses(guesses);
    await this.notices.wrongCode(userId, meant, wrong);
    return { kind: 'wrong', reason: candidates.length === 0 ? 'not_available' : 'code_wrong' };
  }
}
