import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { Clock } from '../../../../platform/time/clock';
import { verifiedEventOf } from '../../seals.events';
import { type Verification, VerifyAuditLog } from './verify-audit-log';

export type Verifier = {
  readonly userId: UserId | null;
  readonly tenantId: TenantId | null;
  /** Whether they answer for the whole log, and not for a tenant's part of it. */
  readonly seesAll: boolean;
};

/** Verifies the log for somebody, for no longer than they have time, and puts on record that they did and what came of it. */
@Injectable()
export class VerifyOnRecord {
  constructor(
    private readonly verifying: VerifyAuditLog,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @param budgetMs null: as long as it takes */
  async execute(by: Verifier, afterSeal: number, budgetMs: number | null): Promise<Verification> {
    const begun = this.clock.elapsedMs();
    const hasTime = (): boolean => budgetMs === null || this.clock.elapsedMs() - begun < budgetMs;
    const whose = by.seesAll ? null : by.tenantId;
    const verification = await this.verifying.execute({ whose, afterSeal, hasTime });
    const { userId, tenantId } = by;
    await this.work.run(() => this.events.append(verifiedEventOf(verification, { userId, tenantId }, by.seesAll)));
    return verification;
  }
}
