import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import type { Day, Metric, Sighting, UsageCount } from '../../domain/limits/usage';
import type { UsageBatch } from './usage-store.port';

/** Of each kind. Beyond it nothing new is noted until some of it is written. */
const MOST = 100_000;

type Counting = UsageCount & { amount: number };

/**
 * What was used and is not written yet: a number for each tenant, day and metric, and who was there. Whatever cannot be
 * written stays and is written with what comes after it. There is one for each process.
 */
@Injectable()
export class UsageTally {
  private counts = new Map<string, Counting>();
  private sightings = new Map<string, Sighting>();
  private underWay = { counts: new Map<string, Counting>(), sightings: new Map<string, Sighting>() };
  /** Who is written already need not be noted again. Emptied when it has grown: writing twice does no harm. */
  private readonly written = new Set<string>();
  private lost = 0;

  count(tenantId: TenantId, day: Day, metric: Metric, amount = 1): void {
    const key = keyOf(tenantId, day, metric);
    const known = this.counts.get(key);
    if (known) known.amount += amount;
    else if (this.counts.size < MOST) this.counts.set(key, { tenantId, day, metric, amount });
    else this.lost += amount;
  }

  sight(tenantId: TenantId, day: Day, userId: UserId): void {
    const key = keyOf(tenantId, day, userId);
    if (this.written.has(key) || this.sightings.has(key)) return;
    if (this.sightings.size < MOST) this.sightings.set(key, { tenantId, day, userId });
    else this.lost += 1;
  }

  /** What is counted and not known to be written. */
  of(tenantId: TenantId, day: Day, metric: Metric): number {
    const key = keyOf(tenantId, day, metric);
    return (this.counts.get(key)?.amount ?? 0) + (this.underWay.counts.get(key)?.amount ?? 0);
  }

  /** Up to so many of each kind, to be written. One batch at a time: `settle` or `putBack` comes before the next. */
  take(most: number): UsageBatch {
    this.underWay = { counts: firstOf(this.counts, most), sightings: firstOf(this.sightings, most) };
    const { counts, sightings } = this.underWay;
    return { counts: [...counts.values()], sightings: [...sightings.values()] };
  }

  /** The batch is written. */
  settle(): void {
    if (this.written.size > MOST) this.written.clear();
    for (const key of this.underWay.sightings.keys()) this.written.add(key);
    this.underWay = { counts: new Map(), sightings: new Map() };
  }

  /** The batch is not written, and goes with the next. */
  putBack(): void {
    const { counts, sightings } = this.underWay;
    this.underWay = { counts: new Map(), sightings: new Map() };
    for (const { tenantId, day, metric, amount } of counts.values()) this.count(tenantId, day, metric, amount);
    for (const { tenantId, day, userId } of sightings.values()) this.sight(tenantId, day, userId);
  }

  /** How much was not noted for want of room, since this was asked last. */
  takeLost(): number {
    const { lost } = this;
    this.lost = 0;
    return lost;
  }
}

function keyOf(tenantId: TenantId, day: Day, what: string): string {
  return `${tenantId}/${day}/${what}`;
}

/** Moves up to so many entries into a map of their own. */
function firstOf<T>(entries: Map<string, T>, most: number): Map<string, T> {
  const first = new Map<string, T>();
  for (const [key, value] of entries) {
    if (first.size === most) break;
    first.set(key, value);
    entries.delete(key);
  }
  return first;
}
