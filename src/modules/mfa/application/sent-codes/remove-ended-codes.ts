import { Injectable } from '@nestjs/common';
import { inBatches } from '../../../../platform/database/in-batches';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { SentCodes } from '../sent-codes.port';

const REMOVED_AT_ONCE = 1_000;

/** Forgets codes that were sent and not used in time. */
@Injectable()
export class RemoveEndedCodes {
  constructor(
    private readonly codes: SentCodes,
    private readonly work: UnitOfWork,
  ) {}

  /** Returns how many were forgotten. */
  execute(): Promise<number> {
    return inBatches(REMOVED_AT_ONCE, (size) => this.work.run((now) => this.codes.removeEnded(now, size)));
  }
}
