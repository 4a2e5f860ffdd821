import { Injectable } from '@nestjs/common';
import { inBatches } from '../../../../platform/database/in-batches';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { DAY_SECONDS, later } from '../../domain/later';
import { Sessions } from './sessions.port';

const BATCH = 500;
/** What ended lately is kept for a while, for whoever looks into an incident; the audit log keeps it longer. */
const KEPT_DAYS = 1;

/** Forgets sessions that are over, in small batches that never wait for anybody. */
@Injectable()
export class RemoveEndedSessions {
  constructor(
    private readonly sessions: Sessions,
    private readonly work: UnitOfWork,
  ) {}

  /** Returns how many were removed. */
  execute(): Promise<number> {
    return inBatches(BATCH, (size) =>
      this.work.run((now) => this.sessions.removeEnded(later(now, -KEPT_DAYS * DAY_SECONDS), size)),
    );
  }
}
