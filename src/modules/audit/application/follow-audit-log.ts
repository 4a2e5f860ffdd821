import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { auditRead } from '../audit.events';
import { Arrivals, type Follower } from './arrivals.port';
import { type AuditEventView, type AuditFilter, AuditQueries } from './audit-queries';
import { lookedFor, type Reading } from './reading';

export type Followed = {
  /** What was there, oldest first. */
  readonly last: readonly AuditEventView[];
  readonly follower: Follower;
};

/** Events of others as they come. */
@Injectable()
export class FollowAuditLog {
  constructor(
    private readonly queries: AuditQueries,
    private readonly arrivals: Arrivals,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** That somebody looks on is recorded once, before they see anything. `last`: how many of those there are already. */
  async execute({ by, subject }: Reading, filter: AuditFilter, last: number): Promise<Followed> {
    await this.work.run(() => this.events.append(auditRead(by, lookedFor(filter))));
    const follower = await this.arrivals.follow(subject, filter);
    const page = last === 0 ? [] : (await this.queries.page(subject, filter, { limit: last, before: null })).items;
    // What came between the two is the follower's to show.
    return { last: page.filter(({ sequence }) => follower.hasSeen(sequence)).reverse(), follower };
  }
}
