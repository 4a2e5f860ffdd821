import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { Outbox } from '../../../../platform/mail/outbox';
import { TenantRules } from '../../../identity/tenant-rules.facade';
import { secondFactorsReset } from '../../tenancy.events';
import { ActOnMember } from './act-on-member';

/**
 * Takes away the second factors of a member who lost them, ends the sessions here, and tells the owner of the account.
 * There are no factors yet: none is what is taken.
 */
@Injectable()
export class ResetSecondFactors {
  constructor(
    private readonly acting: ActOnMember,
    private readonly rules: TenantRules,
    private readonly outbox: Outbox,
    private readonly events: EventLog,
  ) {}

  /** Throws as `ActOnMember` does. */
  execute(by: Principal, id: string): Promise<void> {
    return this.acting.execute(by, id, { toOneself: 'refused' }, async (member, { email }, now) => {
      const { brand } = await this.rules.of(member.userId);
      // From which address an administrator works is for the log alone.
      const facts = { at: now.toISOString(), address: null };
      await this.outbox.enqueue({ to: email, template: 'second-factors-removed', facts, brand });
      await this.events.append(secondFactorsReset(by, member, 0));
    });
  }
}
