import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { LastOwner } from '../../domain/member-errors';
import { accountDeletionRefused } from '../../member.events';

/** What goes on record of accounts that were to end and did not. */
@Injectable()
export class DeletionRecord {
  constructor(
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** Runs `deletion` as one unit of work. LastOwner takes all of it back, is recorded after that, and thrown on. */
  async orRefused(user: UserId, by: UserId | null, deletion: (now: Date) => Promise<void>): Promise<void> {
    try {
      // Who leaves does so in all their tenants.
      await this.work.overAllTenants(() => this.work.run(deletion));
    } catch (error) {
      if (error instanceof LastOwner) await this.work.run(() => this.events.append(accountDeletionRefused(user, by)));
      throw error;
    }
  }
}
