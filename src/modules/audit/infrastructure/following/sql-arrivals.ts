import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/database';
import { Arrivals, Follower } from '../../application/arrivals.port';
import type { AuditFilter, AuditSubject } from '../../application/audit-queries';
import { EventViews } from '../event-views';
import { AddressTag } from '../personal/address-tag';
import { type Followed, SqlFollower } from './sql-follower';

@Injectable()
export class SqlArrivals extends Arrivals {
  constructor(
    private readonly database: Database,
    private readonly views: EventViews,
    private readonly tag: AddressTag,
  ) {
    super();
  }

  async follow(subject: AuditSubject, filter: AuditFilter): Promise<Follower> {
    const followed: Followed = { subject, filter, tagOf: await this.tag.tagger() };
    return SqlFollower.begin(this.database, this.views, followed);
  }
}
