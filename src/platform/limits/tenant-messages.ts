import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work';

export type MessageKind = 'mails' | 'sms';

/** Who keeps count of what tenants have sent. */
export type MessageLedger = {
  reserve(tenant: string, kind: MessageKind): Promise<boolean>;
  giveBack(tenant: string, kind: MessageKind): void;
  message(tenant: string, kind: MessageKind): void;
};

const NONE: MessageLedger = {
  reserve: () => Promise.resolve(true),
  giveBack: () => undefined,
  message: () => undefined,
};

/**
 * The messages that tenants have sent, as far as somebody counts them: invitations, codes, proofs of addresses. What the
 * service tells users of itself is no tenant's doing. The platform knows no tenants: who does says so here.
 */
@Injectable()
export class TenantMessages {
  private ledger = NONE;

  constructor(private readonly work: UnitOfWork) {}

  /** Called once, while the application starts. */
  register(ledger: MessageLedger): void {
    this.ledger = ledger;
  }

  /** Whether the tenant may have one more sent today; nobody else gets its place. Not within a unit of work. */
  reserve(tenant: string, kind: MessageKind): Promise<boolean> {
    return this.ledger.reserve(tenant, kind);
  }

  /** What a place was kept for is not sent. One that nobody gives back lapses. */
  giveBack(tenant: string, kind: MessageKind): void {
    this.ledger.giveBack(tenant, kind);
  }

  /** One more that is to leave once the running unit of work is committed. */
  note(tenant: string, kind: MessageKind): void {
    this.work.afterCommit(() => {
      this.ledger.message(tenant, kind);
    });
  }
}
