import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { Clock } from '../../../../platform/time/clock';
import type { Daily } from '../../domain/limits/tenant-limits';

/** Longer than anything takes that ends in a message. */
const KEPT_MS = 30_000;

/**
 * Places of messages that tenants may have sent and that are not counted yet: nobody else gets them meanwhile. A place is
 * given back, or counted; where neither happens, because what was to send the message failed, it lapses after 30 seconds.
 */
@Injectable()
export class MessagePlaces {
  /** When each lapses, the oldest first. A key stands where its youngest place belongs. */
  private readonly lapses = new Map<string, number[]>();

  constructor(private readonly clock: Clock) {}

  keep(tenant: TenantId, what: Daily): void {
    const now = this.clock.elapsedMs();
    this.forgetLapsed(now);
    const key = keyOf(tenant, what);
    const kept = this.lapses.get(key) ?? [];
    kept.push(now + KEPT_MS);
    this.lapses.delete(key);
    this.lapses.set(key, kept);
  }

  /** Of several the oldest, which is as good as any. */
  give(tenant: TenantId, what: Daily): void {
    this.lapses.get(keyOf(tenant, what))?.shift();
  }

  of(tenant: TenantId, what: Daily): number {
    const now = this.clock.elapsedMs();
    return this.lapses.get(keyOf(tenant, what))?.filter((at) => at > now).length ?? 0;
  }

  private forgetLapsed(now: number): void {
    for (const [key, kept] of this.lapses) {
      const youngest = kept.at(-1);
      if (youngest !== undefined && youngest > now) return;
      this.lapses.delete(key);
    }
  }
}

function keyOf(tenant: TenantId, what: Daily): string {
  return `${tenant}/${what}`;
}
