import { Injectable } from '@nestjs/common';
import { inBatches } from '../../../../platform/database/in-batches';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { Log } from '../../../../platform/logging/log';
import { DailyStandings } from './daily-standings';
import { UsageStore } from './usage-store.port';
import { UsageTally } from './usage-tally';

const WRITTEN_AT_ONCE = 5_000;

/** Writes what was counted, many counts at a time. What cannot be written is kept for the next time. */
@Injectable()
export class WriteUsage {
  constructor(
    private readonly tally: UsageTally,
    private readonly standings: DailyStandings,
    private readonly store: UsageStore,
    private readonly work: UnitOfWork,
    private readonly log: Log,
  ) {}

  /** Not within a unit of work. Throws what the database throws. */
  async execute(): Promise<void> {
    const lost = this.tally.takeLost();
    if (lost > 0) this.log.warn(`There was no room to note ${lost} uses of tenants`);
    await inBatches(WRITTEN_AT_ONCE, (size) => this.write(size));
  }

  private async write(size: number): Promise<number> {
    let most = 0;
    const write = async () => {
      const batch = this.tally.take(size);
      most = Math.max(batch.counts.length, batch.sightings.length);
      try {
        if (most > 0) await this.work.run(() => this.store.add(batch));
      } catch (error) {
        this.tally.putBack();
        throw error;
      }
      return batch.counts;
    };
    const written = (): void => {
      this.tally.settle();
    };
    await this.standings.writing(write, written);
    return most;
  }
}
