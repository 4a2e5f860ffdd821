import { Injectable } from '@nestjs/common';
import { MfaSettings } from '../../../../platform/config/settings';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { Factor } from '../../domain/factor';
import type { FactorGuesses } from '../../domain/factor-guesses';
import { CodePost, type CodeToSend } from './code-post';
import { FactorChanges } from '../factor-changes';
import { Factors } from '../factors.port';

/** A code that was asked for, and counted. */
export type AskedCode = {
  readonly code: CodeToSend;
  /** Where it may go; null: nowhere. */
  readonly target: string | null;
  /** Whether there was room for one more there. */
  readonly isAllowed: boolean;
};

/** Sends a code of a confirmed factor. Whether it was is on record, and nobody is told. */
@Injectable()
export class SendCode {
  constructor(
    private readonly factors: Factors,
    private readonly changes: FactorChanges,
    private readonly post: CodePost,
    private readonly work: UnitOfWork,
    private readonly settings: MfaSettings,
  ) {}

  /** Both at once. Not within a unit of work. Throws DependencyUnavailable. */
  async execute(code: CodeToSend): Promise<void> {
    await this.finish(await this.ask(code));
  }

  /** Sends nothing yet. Not within a unit of work. Throws DependencyUnavailable. */
  async ask(code: CodeToSend): Promise<AskedCode> {
    const target = await this.targetOf(code, await this.confirmed(code));
    const isAllowed = await this.post.allows(code.method, target, { ...code, purpose: code.use.kind });
    return { code, target, isAllowed };
  }

  /**
   * Asked too often, nothing happens, and the code sent before stays good. Where the factor is not enrolled or proves nothing
   * at this moment, the same is done, and nobody gets the code. Joins the caller's unit of work.
   */
  finish({ code, target, isAllowed }: AskedCode): Promise<void> {
    return this.work.run(async (now) => {
      const isSent = isAllowed && (await this.send(code, target, now));
      await this.post.record({ ...code, purpose: code.use.kind }, isSent);
    });
  }

  /** To where there was room for one more a moment ago, and to no other place. */
  private async send(code: CodeToSend, allowed: string | null, now: Date): Promise<boolean> {
    const guesses = await this.changes.begin(code.userId);
    if (!guesses) return false;
    const target = await this.targetOf(code, await this.usable(code, guesses, now));
    const to = target === allowed ? target : null;
    await this.post.send(code, to);
    return to !== null;
  }

  private async usable(code: CodeToSend, guesses: FactorGuesses, now: Date): Promise<Factor | null> {
    if (!this.settings.methods.includes(code.method) || guesses.isStopped(code.method)) return null;
    const factor = await this.confirmed(code);
    return factor?.isHeld(now) === false ? factor : null;
  }

  private confirmed({ userId, method }: CodeToSend): Promise<Factor | null> {
    return this.factors.confirmedOne(userId, method);
  }

  private targetOf({ method }: CodeToSend, factor: Factor | null): Promise<string | null> {
    return factor ? this.post.targetOf(method, factor) : Promise.resolve(null);
  }
}
