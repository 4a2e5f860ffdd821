import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { Outbox } from '../../../../platform/mail/outbox';
import { AccountsFacade } from '../../../identity/accounts.facade';
import type { UserView } from '../../../identity/identity.facade';
import { SecondFactors } from '../../second-factors.facade';
import { secondFactorsReset } from '../../member.events';
import { TenancyQueries } from '../tenancy-queries';

/** Takes away all second factors of an account, and tells its user. Within the caller's unit of work. */
@Injectable()
export class StripAccount {
  constructor(
    private readonly factors: SecondFactors,
    private readonly accounts: AccountsFacade,
    private readonly queries: TenancyQueries,
    private readonly events: EventLog,
    private readonly outbox: Outbox,
  ) {}

  /** Nobody joins an account that is held to another tenant. */
  async hold(user: UserId): Promise<void> {
    await this.accounts.hold(user);
  }

  /**
   * Of one that is held. Where there are no factors, what may be left of setting one up goes, and all sessions end just the
   * same. `tenantId` is the tenant it was done in; null: none of the user's.
   */
  async execute(by: Principal, { id, email }: UserView, tenantId: TenantId | null, now: Date): Promise<void> {
    const removed = await this.factors.removeAll(id);
    await this.events.append(secondFactorsReset(by.userId, { tenantId, userId: id }, removed));
    if (removed === 0) return;
    const { brand } = await this.queries.demandsOn(id);
    // From where an administrator works is none of the user's business.
    const facts = { at: now.toISOString(), address: null, why: 'administrator' } as const;
    await this.outbox.enqueue({ to: email, template: 'second-factors-removed', facts, tenant: tenantId, brand });
  }
}
