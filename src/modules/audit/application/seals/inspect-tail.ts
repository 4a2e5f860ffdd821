import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { Clock } from '../../../../platform/time/clock';
import type { Finding } from '../../domain/seals/finding';
import { type LoggedEvent, sequenceOf } from '../../domain/seals/logged-event';
import { acceptsUnsigned, MOST_EVENTS } from '../../domain/seals/new-seal';
import type { Scope } from './inspect-seal';
import { LoggedEvents, type Range } from './logged-events.port';

export type Tail = {
  readonly findings: readonly Finding[];
  /** How many events are in no seal. */
  readonly unsealed: number;
};

/** What is behind the last seal, and where no seal reaches. */
@Injectable()
export class InspectTail {
  constructor(
    private readonly events: LoggedEvents,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Of the first thousand it is looked at who wrote them. */
  execute(range: Range, { whose, first }: Scope): Promise<Tail> {
    const now = this.clock.now();
    const takesUnsigned = acceptsUnsigned(first, now);
    const isForeign = ({ authorship }: LoggedEvent): boolean =>
      authorship === 'foreign' || (authorship === 'unsigned' && !takesUnsigned);
    return this.work.overAllTenants(async () => {
      const unsealed = await this.events.count(range, whose);
      const pending = unsealed === 0 ? [] : await this.events.toSeal(range, MOST_EVENTS, now);
      const beyond = await this.events.outOfRange(MOST_EVENTS);
      const findings = [...pending.filter(isForeign), ...beyond]
        .filter(({ record }) => whose === null || record.tenantId === whose)
        .map(insertedAt);
      return { findings, unsealed };
    });
  }
}

function insertedAt(event: LoggedEvent): Finding {
  return { sequence: sequenceOf(event), eventId: event.record.id, seal: null, reason: 'inserted' };
}
