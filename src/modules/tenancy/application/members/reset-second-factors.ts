import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { SECOND_FACTORS_RESET, secondFactorsReset } from '../../tenancy.events';
import { ActOnMember } from './act-on-member';

/**
 * Takes away the second factors of a member who lost them, and ends the sessions here. There are no factors yet: none is what
 * is taken, and so nobody is told.
 */
@Injectable()
export class ResetSecondFactors {
  constructor(
    private readonly acting: ActOnMember,
    private readonly events: EventLog,
  ) {}

  /** Throws as `ActOnMember` does. */
  execute(by: Principal, id: string): Promise<void> {
    return this.acting.execute(by, id, { event: SECOND_FACTORS_RESET, toOneself: 'refused' }, async (member) => {
      await this.events.append(secondFactorsReset(by, member, 0));
    });
  }
}
