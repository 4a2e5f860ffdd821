import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { Clock } from '../../../../platform/time/clock';
import { type Daily, limitOf, NO_LIMITS } from '../../domain/limits/tenant-limits';
import { type Day, dayOf, type UsageCount } from '../../domain/limits/usage';
import { type DailyStanding, UsageStore } from './usage-store.port';
import { UsageTally } from './usage-tally';

/** Read anew by then at the latest, where nobody has done so before (`refresh`). */
const BELIEVED_MS = 10_000;
/** Of whom nobody has asked for so long nothing is read any more. */
const FORGOTTEN_MS = 60_000;
const MOST = 50_000;

/** What a tenant may still have of something today. */
export type DailyRoom = {
  /** null: as much as it likes. */
  readonly limit: number | null;
  /** By all processes, as far as this one has read it, and by this one to the last. */
  readonly used: number;
  readonly day: Day;
};

/** What is known of one tenant. It changes while it is held. */
export type KnownStanding = {
  day: Day;
  limits: DailyStanding['limits'];
  /** As the database has it, what this process has written among it. */
  spent: Record<Daily, number>;
  readAtMs: number;
  askedAtMs: number;
};

const NOTHING = { requests: 0, mails: 0, sms: 0 } as const;

/**
 * What this process knows of daily limits, and of what was used up of them: exact for what it counts itself, and some
 * seconds late for what other processes do. Reads and the writing of counts take turns, or a count that is on its way
 * would be seen twice, or not at all.
 */
@Injectable()
export class DailyStandings {
  private readonly entries = new Map<TenantId, KnownStanding>();
  private next: { readonly tenants: Set<TenantId>; readonly read: Promise<void> } | null = null;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: UsageStore,
    private readonly tally: UsageTally,
    private readonly clock: Clock,
  ) {}

  /** What is known of the tenant, or else read now. Not within a unit of work. */
  async of(tenant: TenantId): Promise<KnownStanding> {
    const standing = this.known(tenant) ?? (await this.ask(tenant));
    standing.askedAtMs = this.clock.elapsedMs();
    return standing;
  }

  /** At this moment: what is decided by it is to be counted before anything is awaited. */
  roomFor(tenant: TenantId, { day, limits, spent }: KnownStanding, what: Daily): DailyRoom {
    const used = spent[what] + this.tally.of(tenant, day, what);
    return { limit: limitOf({ ...NO_LIMITS, ...limits }, what), used, day };
  }

  /** Reads anew what was asked for lately. */
  async refresh(): Promise<void> {
    const now = this.clock.elapsedMs();
    for (const [tenant, { askedAtMs }] of this.entries) {
      if (now - askedAtMs > FORGOTTEN_MS) this.entries.delete(tenant);
    }
    if (this.entries.size > 0) await this.inTurn(() => this.read([...this.entries.keys()]));
  }

  /** What is known of a tenant is not believed any more. */
  forget(tenant: TenantId): void {
    this.entries.delete(tenant);
  }

  /** Writes counts while nobody reads. They are in the database when `write` returns, and then `written` is called. */
  writing(write: () => Promise<readonly UsageCount[]>, written: () => void): Promise<void> {
    return this.inTurn(async () => {
      const counts = await write();
      // In one go, or between them a count would be missing, or there twice.
      written();
      for (const { tenantId, day, metric, amount } of counts) {
        const entry = this.entries.get(tenantId);
        if (entry?.day === day && metric !== 'sign_ins') entry.spent[metric] += amount;
      }
    });
  }

  private known(tenant: TenantId): KnownStanding | null {
    const entry = this.entries.get(tenant);
    if (entry?.day !== dayOf(this.clock.now())) return null;
    return this.clock.elapsedMs() - entry.readAtMs < BELIEVED_MS ? entry : null;
  }

  /** All who ask while a read is under way are answered by one that follows it. */
  private async ask(tenant: TenantId): Promise<KnownStanding> {
    this.next ??= this.following();
    const { tenants, read } = this.next;
    tenants.add(tenant);
    await read;
    // Of a tenant that is no more there is nothing to read, and nothing that is counted will be kept.
    const none = { tenantId: tenant, limits: NO_LIMITS, spent: NOTHING };
    return this.entries.get(tenant) ?? this.put(none, dayOf(this.clock.now()));
  }

  private following(): { readonly tenants: Set<TenantId>; readonly read: Promise<void> } {
    const tenants = new Set<TenantId>();
    const read = this.inTurn(() => {
      this.next = null;
      return this.read([...tenants]);
    });
    return { tenants, read };
  }

  private async read(tenants: readonly TenantId[]): Promise<void> {
    const day = dayOf(this.clock.now());
    const standings = await this.store.standings(tenants, day);
    if (this.entries.size > MOST) this.entries.clear();
    for (const standing of standings) this.put(standing, day);
  }

  /** Into the entry there is, for somebody may be deciding by it. */
  private put({ tenantId, limits, spent }: DailyStanding, day: Day): KnownStanding {
    const now = this.clock.elapsedMs();
    const known = this.entries.get(tenantId);
    const entry = Object.assign(known ?? { askedAtMs: now }, { day, limits, spent: { ...spent }, readAtMs: now });
    this.entries.set(tenantId, entry);
    return entry;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.last.then(work);
    this.last = run.catch(() => undefined);
    return run;
  }
}
