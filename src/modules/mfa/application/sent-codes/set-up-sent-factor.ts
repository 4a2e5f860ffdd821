import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { MfaSettings } from '../../../../platform/config/settings';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { MethodNotOffered } from '../../domain/errors';
import type { NewFactor } from '../../domain/factor';
import type { SentMethod } from '../../domain/method';
import { FactorChanges } from '../factor-changes';
import { BeginSetUp } from './begin-set-up';
import { CodePost } from './code-post';

/** A factor whose codes are sent, before it has an id. */
export type SentFactor = Pick<NewFactor, 'label' | 'secret'> & {
  readonly type: SentMethod;
  /** Where its codes go: an address or a number. */
  readonly target: string;
};

/** Begins to set up a factor whose codes are sent, by sending the first of them, which confirms it (ConfirmFactor). */
@Injectable()
export class SetUpSentFactor {
  constructor(
    private readonly beginning: BeginSetUp,
    private readonly changes: FactorChanges,
    private readonly post: CodePost,
    private readonly work: UnitOfWork,
    private readonly settings: MfaSettings,
  ) {}

  /**
   * Returns for how many seconds a code is good, whether one was sent or there were too many: then the one sent last to the
   * same target stays good. Throws MethodNotOffered, and DependencyUnavailable.
   */
  async execute(by: Principal, factor: SentFactor): Promise<number> {
    const { type: method, target } = factor;
    const { userId, tenantId } = by;
    if (!this.settings.methods.includes(method)) throw new MethodNotOffered();
    const asker = { userId, tenantId, purpose: 'factor' } as const;
    const isAllowed = await this.post.allows(method, target, asker);
    await this.work.run(async () => {
      const isSent = await this.begin(by, factor, isAllowed);
      await this.post.record({ ...asker, method }, isSent);
    });
    return this.settings.codeSeconds;
  }

  private async begin(
    by: Principal,
    { type, label, secret, target }: SentFactor,
    isAllowed: boolean,
  ): Promise<boolean> {
    const { userId, tenantId } = by;
    const begun = await this.beginning.execute(userId, { type, label, secret }, isAllowed);
    if (!begun) return false;
    await this.changes.begun(by, type);
    if (!isAllowed) return false;
    // Where there was room for one more a moment ago: the account may have another address by now.
    const to = (await this.post.targetOf(type, begun)) === target ? target : null;
    await this.post.send({ userId, tenantId, method: type, use: { kind: 'factor', id: begun.snapshot().id } }, to);
    return to !== null;
  }
}
