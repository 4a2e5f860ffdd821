import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import { Outbox } from '../../../../platform/mail/outbox';
import type { InvitationState } from '../../domain/invitation';
import { MailAllowance } from '../limits/mail-allowance';
import { orOnRecord } from '../limits/or-on-record';
import { InvitationLetters } from './invitation-letters';
import type { MailedInvitation } from './invitation-secrets';

/** Sends invitations, and no more of them than a mailbox has to bear. */
@Injectable()
export class InvitationPost {
  constructor(
    private readonly allowance: MailAllowance,
    private readonly letters: InvitationLetters,
    private readonly outbox: Outbox,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /**
   * Whether one more may be sent to the address; uses one up. Not within a unit of work. Throws QuotaExceeded when the
   * tenant had all the mails sent today that it may, which stays on record as `beyond`; DependencyUnavailable.
   */
  takeAllowance(tenant: TenantId, address: string, beyond: () => DomainEvent): Promise<boolean> {
    const { work, events } = this;
    return orOnRecord({ work, events }, () => this.allowance.take({ kind: 'invitation', address, tenant }), beyond);
  }

  /** Within the unit of work that keeps what the secret gives. */
  async send(invitation: InvitationState, role: string, secret: MailedInvitation): Promise<void> {
    await this.outbox.enqueue(await this.letters.write(invitation, role, secret));
  }
}
