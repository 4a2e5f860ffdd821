import { Injectable } from '@nestjs/common';
import { inBatches } from '../../../../platform/database/in-batches';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { OauthTransactions } from './oauth-transactions.port';

const BATCH = 500;

/** Removes sign-ins that no provider answered in time, in small batches that never wait for anybody. */
@Injectable()
export class RemoveEndedTransactions {
  constructor(
    private readonly transactions: OauthTransactions,
    private readonly work: UnitOfWork,
  ) {}

  /** Returns how many were removed. */
  execute(): Promise<number> {
    return inBatches(BATCH, (size) => this.work.run((now) => this.transactions.removeEnded(now, size)));
  }
}
