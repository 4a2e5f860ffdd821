import { Injectable } from '@nestjs/common';
import { NotFound, ValidationFailed } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { SendAllowance } from '../../../../platform/limits/send-allowance';
import { masked } from '../../domain/email-address';
import { emailChangeRequested } from '../../mailbox.events';
import { Users } from '../users.port';
import { ChangeMails } from './change-mails';

export type EmailChange = { readonly newEmail: string; readonly ipAddress: string | null };

const SAME_ADDRESS = {
  field: 'new_email',
  code: 'FIELD_INVALID',
  message: 'This is the address of the account already.',
};

/** Asks for another address of one's own account. It takes effect when the new one is proven; the old one is told. */
@Injectable()
export class RequestEmailChange {
  constructor(
    private readonly users: Users,
    private readonly mails: ChangeMails,
    private readonly allowance: SendAllowance,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /**
   * Does not tell whether the new address has an account: then its owner hears nothing. Throws ValidationFailed when it is
   * the address already, NotFound when the account is no more, DependencyUnavailable.
   */
  async execute(by: Principal, { newEmail, ipAddress }: EmailChange): Promise<void> {
    const isAllowed = await this.mayMail(by, newEmail);
    const isSame = await this.work.run(async (now) => {
      const user = await this.users.take(by.userId);
      if (!user) throw new NotFound();
      if (user.hasAddress(newEmail)) return true;
      if (isAllowed) {
        const isFree = (await this.users.findByLogin(newEmail)) === null;
        await this.mails.asked(user.snapshot(), { newEmail, isFree, sessionId: by.sessionId, tenant: by.tenantId });
        const facts = { at: now.toISOString(), address: ipAddress, newAddress: masked(newEmail) };
        await this.mails.tell(user.snapshot(), 'email-change-requested', facts);
      }
      await this.events.append(emailChangeRequested(by));
      return false;
    });
    if (isSame) throw new ValidationFailed([SAME_ADDRESS]);
  }

  /** Two mailboxes are written to; the owner's must not be buried, whichever addresses are named. */
  private async mayMail({ userId, tenantId }: Principal, newEmail: string): Promise<boolean> {
    const toOwner = await this.allowance.take({ kind: 'email-change-requested', address: userId, tenant: null });
    return toOwner && this.allowance.take({ kind: 'email-change', address: newEmail, tenant: tenantId });
  }
}
