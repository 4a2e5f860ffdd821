import { tenantId, type TenantId, userId, type UserId } from '../../src/kernel/ids';
import { AuditTrail } from '../../src/modules/audit/application/audit-trail.port';
import { FollowHead } from '../../src/modules/audit/application/seals/follow-head';
import { SealAuditLog } from '../../src/modules/audit/application/seals/seal-audit-log';
import { type Verification, VerifyAuditLog } from '../../src/modules/audit/application/seals/verify-audit-log';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import type { RecordedEvent } from '../../src/platform/events/event-subscriptions';
import { anEvent } from './an-event';
import type { Place } from './stored';

export const ANN: UserId = userId('01890a5d-ac96-774b-bcce-b302099a8001');
export const OURS: TenantId = tenantId('01890a5d-ac96-774b-bcce-b302099a8002');
export const THEIRS: TenantId = tenantId('01890a5d-ac96-774b-bcce-b302099a8003');

/** The audit log as its module sees it. */
export class Log {
  constructor(private readonly place: Place) {}

  record(event: Partial<RecordedEvent> = {}): Promise<void> {
    return this.work.run(() =>
      this.place.app.get(AuditTrail).record(anEvent({ userId: ANN, tenantId: OURS, ...event })),
    );
  }

  async recordSome(count: number, event: Partial<RecordedEvent> = {}): Promise<void> {
    for (let made = 0; made < count; made += 1) await this.record(event);
  }

  /** As the chore does. Returns how many were sealed. */
  async seal(): Promise<number> {
    const sealed = await this.place.app.get(SealAuditLog).execute();
    await this.place.app.get(FollowHead).execute();
    return sealed;
  }

  verify(whose: TenantId | null = null, afterSeal = 0): Promise<Verification> {
    return this.place.app.get(VerifyAuditLog).execute({ whose, afterSeal, hasTime: () => true });
  }

  private get work(): UnitOfWork {
    return this.place.app.get(UnitOfWork);
  }
}
