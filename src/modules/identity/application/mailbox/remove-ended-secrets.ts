import { Injectable } from '@nestjs/common';
import { inBatches } from '../../../../platform/database/in-batches';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { MailedSecrets } from './mailed-secrets.port';

const REMOVED_AT_ONCE = 1_000;
/** As many as can come between two cleanings, with the limits nobody changed. */
const BATCHES = 200;
/** So long wrong codes speak against those that are sent next. */
const REMEMBERED_MS = 24 * 3_600_000;

/** Forgets links and codes nobody used in time. */
@Injectable()
export class RemoveEndedSecrets {
  constructor(
    private readonly secrets: MailedSecrets,
    private readonly work: UnitOfWork,
  ) {}

  /** Returns how many were forgotten. */
  execute(): Promise<number> {
    const batch = (size: number): Promise<number> =>
      this.work.run((now) => this.secrets.removeEnded(new Date(now.getTime() - REMEMBERED_MS), size));
    return inBatches(REMOVED_AT_ONCE, batch, BATCHES);
  }
}
