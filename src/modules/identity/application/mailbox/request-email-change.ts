import { Injectable } from '@nestjs/common';
import { NotFound, ValidationFailed } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { masked } from '../../domain/email-address';
import { emailChangeRefused, emailChangeRequested } from '../../mailbox.events';
import { Users } from '../users.port';
import { AddressWishes } from './address-wishes';
import { ChangeMails } from './change-mails';

export type EmailChange = { readonly newEmail: string; readonly ipAddress: string | null };

const SAME_ADDRESS = {
  field: 'new_email',
  code: 'FIELD_INVALID',
  message: 'This is the address of the account already.',
};

const OF_ANOTHER_DOMAIN = {
  field: 'new_email',
  code: 'EMAIL_DOMAIN_NOT_ALLOWED',
  message: 'A tenant of yours takes in addresses of certain domains alone, and this is of another.',
};

/** Asks for another address of one's own account. It takes effect when the new one is proven; the old one is told. */
@Injectable()
export class RequestEmailChange {
  constructor(
    private readonly users: Users,
    private readonly mails: ChangeMails,
    private readonly wishes: AddressWishes,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /**
   * Does not tell whether the new address has an account: then its owner hears nothing. Throws ValidationFailed when it
   * is the address already, or one that a tenant of the user does not take in, which stays on record; NotFound when the
   * account is no more, DependencyUnavailable.
   */
  async execute(by: Principal, { newEmail, ipAddress }: EmailChange): Promise<void> {
    if (!(await this.wishes.isTakenIn(by.userId, newEmail))) return this.refuse(by);
    const isAllowed = await this.wishes.mayMail(by, newEmail);
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

  private async refuse({ userId }: Principal): Promise<never> {
    await this.work.run(() => this.events.append(emailChangeRefused(userId, 'email_domain_not_allowed')));
    throw new ValidationFailed([OF_ANOTHER_DOMAIN]);
  }
}
