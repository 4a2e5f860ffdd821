import { Injectable } from '@nestjs/common';
import { type Checked, NOTHING_CHECKED } from '../../domain/seals/chain';
import { type Finding, inOrder } from '../../domain/seals/finding';
import { hexHashOf } from '../../domain/seals/new-seal';
import { payloadFieldsOf, type Seal } from '../../domain/seals/seal';
import { FollowHead } from './follow-head';
import { InspectSeal, type Whose } from './inspect-seal';
import { SealAuditLog } from './seal-audit-log';
import { type NewestSeal, Seals } from './seals.port';
import { SPELLING } from './spelling';

/** Seals are read so many at a time: one with its leaves is 40 kB. */
const PAGE = 16;
/** Whoever altered more has altered too much to be listed. */
const MOST_FINDINGS = 100;

export type Verification = {
  /** Everything there is was looked at, and nothing is wrong with it. */
  readonly verified: boolean;
  /** How many events were looked at. */
  readonly events: number;
  readonly lastSeal: NewestSeal | null;
  /** The first of them, by their number. */
  readonly findings: readonly Finding[];
  /** false: there was no time for all of it. */
  readonly complete: boolean;
  /** Behind which seal to go on; null when it is complete. */
  readonly nextSeal: number | null;
};

export type VerificationOrder = {
  readonly whose: Whose;
  /** 0: from the beginning. */
  readonly afterSeal: number;
  readonly hasTime: () => boolean;
};

/** Holds the log to its seals, and the seals to each other, to their keys, and to the newest one that was known. */
@Injectable()
export class VerifyAuditLog {
  constructor(
    private readonly sealing: SealAuditLog,
    private readonly seals: Seals,
    private readonly inspect: InspectSeal,
    private readonly head: FollowHead,
  ) {}

  /** What is pending is sealed first. At least one seal is looked at, whatever the time. */
  async execute({ whose, afterSeal, hasTime }: VerificationOrder): Promise<Verification> {
    const lost = await this.lostHead();
    await this.sealPending();
    const newest = await this.seals.newest();
    let checked = await this.from(afterSeal);
    const findings: Finding[] = [];
    let [events, complete] = [0, false];
    while (!complete) {
      const page = await this.seals.after(checked.number, PAGE);
      for (const seal of page) {
        const inspected = await this.inspect.execute(seal, checked, whose);
        findings.push(...inspected.findings);
        events += inspected.events;
        checked = inspected.checked;
        // So that others get their turn.
        await new Promise(setImmediate);
        if (!hasTime()) break;
      }
      complete = page.length === 0 || (newest !== null && checked.number >= newest.number);
      if (!hasTime()) break;
    }
    return {
      verified: complete && findings.length + lost.length === 0,
      events,
      lastSeal: newest,
      findings: inOrder([...findings, ...lost]).slice(0, MOST_FINDINGS),
      complete,
      nextSeal: complete ? null : checked.number,
    };
  }

  /** A chain that was tampered with may take no further seal: then what is there is what is looked at. */
  private async sealPending(): Promise<void> {
    await this.sealing.execute().catch(() => 0);
  }

  /** Asked before anything is sealed anew in the place of what was cut off. */
  private async lostHead(): Promise<readonly Finding[]> {
    const lost = await this.head.lost();
    if (lost === null) return [];
    const there = await this.seals.find(lost.number);
    const last = await this.seals.newest();
    const sequence = there?.payload.firstSequence ?? (last?.lastSequence ?? 0) + 1;
    return [{ sequence, eventId: null, seal: lost.number, reason: 'seal_missing' }];
  }

  private async from(afterSeal: number): Promise<Checked> {
    const seal = afterSeal === 0 ? null : await this.seals.find(afterSeal);
    return seal === null ? NOTHING_CHECKED : checkedAt(seal);
  }
}

function checkedAt({ payload }: Seal): Checked {
  const { number, lastSequence } = payload;
  return { number, lastSequence, hash: hexHashOf(SPELLING, payloadFieldsOf(payload)) };
}
