import { Injectable } from '@nestjs/common';
import { inBatches } from '../../../../platform/database/in-batches';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { Challenges } from './challenges.port';

const BATCH = 500;

/** Removes challenges that nobody passed in time, in small batches that never wait for anybody. */
@Injectable()
export class RemoveEndedChallenges {
  constructor(
    private readonly challenges: Challenges,
    private readonly work: UnitOfWork,
  ) {}

  /** Returns how many were removed. */
  execute(): Promise<number> {
    return inBatches(BATCH, (size) => this.work.run((now) => this.challenges.removeEnded(now, size)));
  }
}
