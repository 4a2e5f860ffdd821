import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { memberSignedOut, SIGNED_OUT } from '../../member.events';
import { ActOnMember } from './act-on-member';

/** Ends the sessions a member has in the caller's tenant. */
@Injectable()
export class SignOutMember {
  constructor(
    private readonly acting: ActOnMember,
    private readonly events: EventLog,
  ) {}

  /** Throws as `ActOnMember` does. */
  execute(by: Principal, id: string): Promise<void> {
    return this.acting.execute(by, id, { event: SIGNED_OUT, toOneself: 'allowed' }, async (member) => {
      await this.events.append(memberSignedOut(by, member));
    });
  }
}
