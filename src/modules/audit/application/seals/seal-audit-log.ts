import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { afterLook, type Horizon, NOTHING_SETTLED } from '../../domain/seals/horizon';
import { acceptsUnsigned, firstBatchOf, hexOf, MOST_EVENTS, newSealOf } from '../../domain/seals/new-seal';
import { BEFORE_THE_FIRST, payloadFieldsOf } from '../../domain/seals/seal';
import { AuditKeys } from './audit-keys.port';
import { DailyCounts } from './daily-counts.port';
import { LoggedEvents } from './logged-events.port';
import { Seals } from './seals.port';
import { SPELLING } from './spelling';

/** So that a run ends soon, and a backlog is worked off in several. */
const MOST_BATCHES = 20;

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

  /** Returns how many events were sealed. Throws SealBroken when the key was sealed under another MASTER_KEY. */
  async execute(): Promise<number> {
    let sealed = 0;
    for (let batch = 1; batch <= MOST_BATCHES; batch += 1) {
      const count = await this.work.overAllTenants(() => this.work.run((now) => this.sealNext(now)));
      if (count === 0) break;
      sealed += count;
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
    const batch = firstBatchOf(await this.events.toSeal(range, MOST_EVENTS));
    if (batch.length === 0) return 0;
    const key = await this.keys.toSign();
    const seal = newSealOf(SPELLING, batch, {
      after: before ?? BEFORE_THE_FIRST,
      sealedAt: now,
      keyId: key.id,
      acceptsUnsigned: acceptsUnsigned(await this.seals.first(), now),
    });
    const bytes = SPELLING.bytesOf(payloadFieldsOf(seal.payload));
    await this.seals.add({ ...seal, hash: hexOf(SPELLING.hash(bytes)), signature: key.sign(bytes) });
    await this.daily.add(batch);
    return batch.length;
  }
}
