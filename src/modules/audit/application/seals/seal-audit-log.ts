import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { afterLook, type Horizon, NOTHING_SETTLED } from '../../domain/seals/horizon';
import { acceptsUnsigned, firstBatchOf, hexOf, MOST_EVENTS, newSealOf } from '../../domain/seals/new-seal';
import { BEFORE_THE_FIRST, payloadFieldsOf } from '../../domain/seals/seal';
import { AuditKeys } from './audit-keys.port';
import { DailyCounts } from './daily-counts.port';
import { firstSealOf } from './first-seal';
import { LoggedEvents } from './logged-events.port';
import { Seals } from './seals.port';
import { SPELLING } from './spelling';

/** So that a run ends soon, and a backlog is worked off in several; counted in events, for a seal may hold but one. */
const MOST_EVENTS_OF_RUN = 20_000;
const RUN_MS = 5_000;

/**
 * Seals committed events in their order. One process at a time does; nobody who adds an event ever waits for it, and it
 * waits for nobody: what is not settled yet is sealed by a later run.
 */
@Injectable()
export class SealAuditLog {
  private horizon: Horizon = NOTHING_SETTLED;

  constructor(
    private readonly events: LoggedEvents,
    private readonly seals: Seals,
    private readonly keys: AuditKeys,
    private readonly daily: DailyCounts,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Returns how many events were sealed: 0 when nothing is settled that is not sealed. Throws SealBroken when the key was
   * sealed under another MASTER_KEY.
   */
  async execute(hasTime: () => boolean = () => true): Promise<number> {
    let sealed = 0;
    let begun: Date | null = null;
    while (sealed < MOST_EVENTS_OF_RUN) {
      const batch = await this.work.overAllTenants(() =>
        this.work.run(async (now) => ({ now, count: await this.sealNext(now) })),
      );
      begun ??= batch.now;
      sealed += batch.count;
      if (batch.count === 0 || batch.now.getTime() - begun.getTime() >= RUN_MS || !hasTime()) break;
    }
    return sealed;
  }

  private async sealNext(now: Date): Promise<number> {
    const newest = await this.events.newest();
    if (newest <= ((await this.seals.newest())?.lastSequence ?? 0)) return 0;
    // Whoever holds a number up to the newest and is not seen yet is among those who write now.
    this.horizon = afterLook(this.horizon, { newest, writers: await this.events.writers() });
    if (!(await this.seals.takeTurn())) return 0;
    const before = await this.seals.newest();
    const range = { behind: before?.lastSequence ?? Number.MIN_SAFE_INTEGER, through: this.horizon.settled };
    const batch = firstBatchOf(await this.events.toSeal(range, MOST_EVENTS, now));
    if (batch.length === 0) return 0;
    const key = await this.keys.toSign();
    const seal = newSealOf(SPELLING, batch, {
      after: before ?? BEFORE_THE_FIRST,
      sealedAt: now,
      keyId: key.id,
      acceptsUnsigned: acceptsUnsigned(await firstSealOf(this.seals, this.keys), now),
    });
    const bytes = SPELLING.bytesOf(payloadFieldsOf(seal.payload));
    await this.seals.add({ ...seal, hash: hexOf(SPELLING.hash(bytes)), signature: key.sign(bytes) });
    await this.daily.add(batch);
    return batch.length;
  }
}
