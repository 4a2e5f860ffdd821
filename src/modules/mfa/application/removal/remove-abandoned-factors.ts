import { Injectable } from '@nestjs/common';
import { inBatches } from '../../../../platform/database/in-batches';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { Factor } from '../../domain/factor';
import { Factors } from '../factors.port';

const BATCH = 500;

/** Forgets factors that were begun and never confirmed, in small batches that never wait for anybody. */
@Injectable()
export class RemoveAbandonedFactors {
  constructor(
    private readonly factors: Factors,
    private readonly work: UnitOfWork,
  ) {}

  /** Returns how many were forgotten. */
  execute(): Promise<number> {
    return inBatches(BATCH, (size) =>
      this.work.run((now) => this.factors.removeAbandoned(Factor.abandonedBefore(now), size)),
    );
  }
}
