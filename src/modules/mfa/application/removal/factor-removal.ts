import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { TenantRules } from '../../../identity/tenant-rules.facade';
import type { FactorType } from '../../domain/method';
import { FactorChanges } from '../factor-changes';
import { Factors } from '../factors.port';
import { type FactorVerdict, type PreparedCode, ProveFactor } from '../prove-factor';
import { ClearFactors } from './clear-factors';

/** One kind, or whatever there is. */
export type RemovalTarget = FactorType | 'all';

export type Removal =
  { readonly kind: 'removed' | 'not_there' | 'last_factor' } | Exclude<FactorVerdict, { readonly kind: 'proven' }>;

/** Decides about the removal of factors by their user, whose password is proven and who is held by now. */
@Injectable()
export class FactorRemoval {
  constructor(
    private readonly factors: Factors,
    private readonly rules: TenantRules,
    private readonly proving: ProveFactor,
    private readonly clearing: ClearFactors,
    private readonly changes: FactorChanges,
  ) {}

  /** What is refused whatever the code is uses none up. Within the unit of work, which commits whatever the outcome is. */
  async decide(by: Principal, target: RemovalTarget, prepared: PreparedCode): Promise<Removal> {
    const outcome = await this.outcomeOf(by, target, prepared);
    if (outcome.kind !== 'removed') await this.changes.notRemoved(by, reasonOf(outcome));
    return outcome;
  }

  /** The password was not the account's. */
  async refused(by: Principal, reason: string): Promise<void> {
    await this.changes.notRemoved(by, reason);
  }

  private async outcomeOf(by: Principal, target: RemovalTarget, prepared: PreparedCode): Promise<Removal> {
    await this.factors.take(by.userId);
    const enrolled = await this.factors.typesOf(by.userId);
    const going = enrolled.filter((type) => target === 'all' || type === target);
    if (going.length === 0) return { kind: 'not_there' };
    const isLast = going.length === enrolled.length;
    if (isLast && (await this.rules.of(by.userId)).secondFactorDemanded) return { kind: 'last_factor' };
    const verdict = await this.proving.execute(prepared, { kind: 'session', id: by.sessionId ?? 'none' });
    if (verdict.kind !== 'proven') return verdict;
    if (isLast) await this.clearing.execute(by.userId);
    else for (const type of going) await this.factors.remove(by.userId, type);
    await this.changes.removed(by, going, enrolled.length - going.length);
    return { kind: 'removed' };
  }
}

function reasonOf(removal: Removal): string {
  return removal.kind === 'wrong' ? removal.reason : removal.kind;
}
