import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { MfaSettings } from '../../../../platform/config/settings';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { availableMethods } from '../../domain/available-methods';
import type { FactorType, Method } from '../../domain/method';
import { BackupCodes } from '../backup-codes.port';
import { Factors } from '../factors.port';
import { FactorQueries } from './factor-queries';

/** What a user has enrolled, and what of it is good at this moment. */
export type FactorStanding = {
  /** Whether there is any factor, stopped and held ones too: whoever has one never gets in without. */
  readonly enrolled: boolean;
  /** What may be shown now, in order. Empty where all is stopped or held. */
  readonly methods: readonly Method[];
};

/** Says how somebody stands with second factors. Joins the caller's unit of work, if there is one. */
@Injectable()
export class FactorStandings {
  constructor(
    private readonly queries: FactorQueries,
    private readonly factors: Factors,
    private readonly backupCodes: BackupCodes,
    private readonly work: UnitOfWork,
    private readonly settings: MfaSettings,
  ) {}

  /** The kinds that are enrolled, stopped and held ones too. */
  typesOf(user: UserId): Promise<readonly FactorType[]> {
    return this.factors.typesOf(user);
  }

  of(user: UserId): Promise<FactorStanding> {
    return this.work.run(async (now) => {
      const factors = await this.queries.listOf(user);
      // Most have none, and there is nothing more to ask for.
      if (factors.length === 0) return { enrolled: false, methods: [] };
      const [guesses, backupCodes] = [await this.factors.guessesOf(user), await this.backupCodes.countOf(user)];
      return {
        enrolled: true,
        methods: availableMethods({ factors, backupCodes, guesses }, this.settings.methods, now),
      };
    });
  }
}
