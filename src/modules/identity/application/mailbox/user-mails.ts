import { Injectable } from '@nestjs/common';
import { type TenantId, type UserId, userId } from '../../../../kernel/ids';
import type { Mail, MailFacts, MailTemplate } from '../../../../platform/mail/mails';
import { Outbox } from '../../../../platform/mail/outbox';
import { StandIns } from '../lockout/stand-ins.port';
import { TenantRules } from '../../tenant-rules.facade';

/** Whom a mail goes to, and whose account it is about. */
export type Recipient = { readonly id: UserId; readonly email: string };

/** null: nobody, and it takes the same work. */
export type Addressee = { readonly id: UserId; readonly email: string | null };

/** Mails to users, as from their tenant. Join the caller's unit of work: what did not happen is not told. */
@Injectable()
export class UserMails {
  constructor(
    private readonly outbox: Outbox,
    private readonly rules: TenantRules,
    private readonly standIns: StandIns,
  ) {}

  /**
   * `uselessAfter`: what was not sent by then is given up; null: it is as good later. `tenant` is the one that has it
   * sent, for whom it counts; null: none.
   */
  async send<T extends MailTemplate>(
    { id, email }: Addressee,
    template: T,
    facts: MailFacts[T],
    uselessAfter: Date | null = null,
    tenant: TenantId | null = null,
  ): Promise<void> {
    const { brand } = await this.rules.of(id);
    await this.outbox.enqueue({ to: email, template, facts, tenant, brand, uselessAfter } as Mail);
  }

  /** As much work as `send`, for an address without an account; nobody gets anything. */
  async pretend<T extends MailTemplate>(email: string, template: T, facts: MailFacts[T]): Promise<void> {
    const { brand } = await this.rules.of(userId(this.standIns.accountFor(email)));
    await this.outbox.enqueue({ to: null, template, facts, brand } as Mail);
  }
}
