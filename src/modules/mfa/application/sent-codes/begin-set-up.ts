import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { Random } from '../../../../platform/crypto/random';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { Factor, type NewFactor } from '../../domain/factor';
import { FactorChanges } from '../factor-changes';
import { Factors } from '../factors.port';

/** Puts a factor that is to be confirmed in the place of one that never was. Wrong codes stay counted. */
@Injectable()
export class BeginSetUp {
  constructor(
    private readonly factors: Factors,
    private readonly changes: FactorChanges,
    private readonly random: Random,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * The new one, in the account that is held from now on; null when there is no account, or when no code can be sent and the
   * one that is being set up is for the same target: then the code sent last stays good. Joins the unit of work.
   */
  execute(user: UserId, factor: Omit<NewFactor, 'id' | 'userId'>, canSend: boolean): Promise<Factor | null> {
    return this.work.run(async (now) => {
      if (!(await this.changes.begin(user))) return null;
      const current = await this.factors.beingSetUp(user, factor.type, now);
      if (!canSend && current && isSame(current, factor)) return null;
      const begun = Factor.setUp({ ...factor, id: this.random.uuid(now), userId: user }, now);
      await this.factors.begin(begun);
      return begun;
    });
  }
}

/** An address is known by its label alone, for its factor keeps no more of it. */
function isSame(current: Factor, { label, secret }: Pick<NewFactor, 'label' | 'secret'>): boolean {
  const state = current.snapshot();
  return state.label === label && Buffer.from(state.secret ?? []).equals(Buffer.from(secret ?? []));
}
