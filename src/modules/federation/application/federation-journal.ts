import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { identityLinked, identityNotLinked, type LinkReason, loginAnswered, loginRefused } from '../federation.events';

/** What goes on record of answers of identity providers, and of what follows from them. Joins the caller's unit of work. */
@Injectable()
export class FederationJournal {
  constructor(
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** A provider said who somebody is, which is a user here; what their account says to that is on record behind it. */
  answered(provider: string, user: UserId, firstProof: boolean): Promise<void> {
    return this.append(loginAnswered(provider, user, firstProof));
  }

  /** Its answer opened nothing. */
  refused(provider: string, reason: string): Promise<void> {
    return this.append(loginRefused(provider, reason));
  }

  linked(provider: string, user: UserId, reason: LinkReason): Promise<void> {
    return this.append(identityLinked(provider, user, reason));
  }

  notLinked(provider: string, user: UserId, reason: string): Promise<void> {
    return this.append(identityNotLinked(provider, user, reason));
  }

  private append(event: Parameters<EventLog['append']>[0]): Promise<void> {
    return this.work.run(() => this.events.append(event));
  }
}
