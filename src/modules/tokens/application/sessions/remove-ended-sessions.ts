import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { DAY_SECONDS, later } from '../../domain/later';
import { Sessions } from './sessions.port';

const BATCH = 500;
/** So that a run ends soon, and the rest waits for the next one. */
const BATCHES = 20;
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
  async execute(): Promise<number> {
    let removed = 0;
    for (let batch = 1; batch <= BATCHES; batch++) {
      const count = await this.work.run((now) =>
        this.sessions.removeEnded(later(now, -KEPT_DAYS * DAY_SECONDS), BATCH),
      );
      removed += count;
      if (count < BATCH) break;
    }
    return removed;
  }
}
