import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { DailyStandings } from './application/limits/daily-standings';
import { RemoveOldUsage } from './application/limits/remove-old-usage';
import { WriteUsage } from './application/limits/write-usage';

const WRITING_SECONDS = 5;
const CLEANING_SECONDS = 3600;

/** What recurs for the counting of what tenants use, and how often. */
@Injectable()
export class UsageChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly usage: WriteUsage,
    private readonly standings: DailyStandings,
    private readonly oldUsage: RemoveOldUsage,
  ) {}

  onModuleInit(): void {
    const { chores, oldUsage } = this;
    chores.add({ name: 'usage', everySeconds: WRITING_SECONDS, run: () => this.write(), alsoLast: true });
    chores.add({ name: 'old-usage', everySeconds: CLEANING_SECONDS, run: () => oldUsage.execute() });
  }

  private async write(): Promise<void> {
    await this.usage.execute();
    await this.standings.refresh();
  }
}
