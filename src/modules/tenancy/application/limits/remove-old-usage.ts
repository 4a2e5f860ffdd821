import { Injectable } from '@nestjs/common';
import { UsageSettings } from '../../../../platform/config/settings';
import { inBatches } from '../../../../platform/database/in-batches';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { daysBefore } from '../../domain/limits/usage';
import { UsageStore } from './usage-store.port';

const REMOVED_AT_ONCE = 1_000;

/** Forgets what was used longer ago than it is kept. */
@Injectable()
export class RemoveOldUsage {
  constructor(
    private readonly store: UsageStore,
    private readonly work: UnitOfWork,
    private readonly settings: UsageSettings,
  ) {}

  /** Returns how many rows were removed, counts or sightings, whichever were more. */
  execute(): Promise<number> {
    const { keptDays } = this.settings;
    return inBatches(REMOVED_AT_ONCE, (size) =>
      this.work.run((now) => this.store.removeBefore(daysBefore(now, keptDays), size)),
    );
  }
}
