import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { Clock } from '../../../../platform/time/clock';
import { QuotaExceeded } from '../../domain/limits/limits-errors';
import { type Daily, isSpent } from '../../domain/limits/tenant-limits';
import { dayOf, secondsLeftOf } from '../../domain/limits/usage';
import { DailyStandings } from './daily-standings';
import { MessagePlaces } from './message-places';
import { UsageTally } from './usage-tally';

/** Counts what tenants use, in memory, and refuses what is more than they may in a day. */
@Injectable()
export class CountUsage {
  constructor(
    private readonly standings: DailyStandings,
    private readonly tally: UsageTally,
    private readonly places: MessagePlaces,
    private readonly clock: Clock,
  ) {}

  /**
   * One request of somebody. Where it `mayBeRefused` and the tenant has had all it may, it is not counted: throws
   * QuotaExceeded. System administrators are never refused, for it is they who set limits. Not within a unit of work.
   */
  async request({ tenantId, userId, kind, systemAdministrator }: Principal, mayBeRefused: boolean): Promise<void> {
    const standing = await this.standings.of(tenantId);
    const { limit, used, day } = this.standings.roomFor(tenantId, standing, 'requests');
    if (mayBeRefused && !systemAdministrator && isSpent(limit, used)) {
      throw new QuotaExceeded('requests', secondsLeftOf(this.clock.now()));
    }
    this.tally.count(tenantId, day, 'requests');
    // A key acts for its owner, who need not be there.
    if (kind === 'user') this.tally.sight(tenantId, day, userId);
  }

  signIn(tenant: TenantId, user: UserId, at: Date): void {
    this.tally.count(tenant, dayOf(at), 'sign_ins');
    this.tally.sight(tenant, dayOf(at), user);
  }

  /** One that is sent. The place that was kept for it is free. */
  message(tenant: TenantId, kind: Exclude<Daily, 'requests'>): void {
    this.places.give(tenant, kind);
    this.tally.count(tenant, dayOf(this.clock.now()), kind);
  }

  /** Whether the tenant may have one more sent today; keeps a place for it then. Not within a unit of work. */
  async reserve(tenant: TenantId, kind: Exclude<Daily, 'requests'>): Promise<boolean> {
    const standing = await this.standings.of(tenant);
    // From here on nothing is awaited, or two would be given the last place.
    const { limit, used } = this.standings.roomFor(tenant, standing, kind);
    if (isSpent(limit, used + this.places.of(tenant, kind))) return false;
    if (limit !== null) this.places.keep(tenant, kind);
    return true;
  }

  /** The message is not sent after all. */
  giveBack(tenant: TenantId, kind: Exclude<Daily, 'requests'>): void {
    this.places.give(tenant, kind);
  }
}
