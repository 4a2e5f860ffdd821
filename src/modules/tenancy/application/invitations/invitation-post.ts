import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { SendAllowance } from '../../../../platform/limits/send-allowance';
import { TenantMessages } from '../../../../platform/limits/tenant-messages';
import { Outbox } from '../../../../platform/mail/outbox';
import type { InvitationState } from '../../domain/invitation';
import { QuotaExceeded } from '../../domain/limits/limits-errors';
import { InvitationLetters } from './invitation-letters';
import type { MailedInvitation } from './invitation-secrets';

/** Sends invitations, and no more of them than a mailbox has to bear. */
@Injectable()
export class InvitationPost {
  constructor(
    private readonly allowance: SendAllowance,
    private readonly letters: InvitationLetters,
    private readonly outbox: Outbox,
    private readonly messages: TenantMessages,
  ) {}

  /**
   * Whether one more may be sent to the address; uses one up. Not within a unit of work. Throws QuotaExceeded when the
   * tenant had all the mails sent today that it may; DependencyUnavailable.
   */
  async takeAllowance(tenant: TenantId, address: string): Promise<boolean> {
    if (!(await this.messages.mayHaveSent(tenant, 'mails'))) throw new QuotaExceeded('mails');
    return this.allowance.take({ kind: 'invitation', address, tenant });
  }

  /** Within the unit of work that keeps what the secret gives. */
  async send(invitation: InvitationState, role: string, secret: MailedInvitation): Promise<void> {
    await this.outbox.enqueue(await this.letters.write(invitation, role, secret));
  }
}
