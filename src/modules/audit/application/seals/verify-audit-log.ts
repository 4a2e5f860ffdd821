import { Injectable } from '@nestjs/common';
import { type Checked, NOTHING_CHECKED } from '../../domain/seals/chain';
import { type Finding, Findings } from '../../domain/seals/finding';
import type { Seal } from '../../domain/seals/seal';
import { FollowHead } from './follow-head';
import { InspectSeal, type Scope, type Whose } from './inspect-seal';
import { InspectTail } from './inspect-tail';
import { SealPending } from './seal-pending';
import { type NewestSeal, Seals } from './seals.port';
import { hashOfPayload } from './verdict';

/** Seals are read so many at a time: one with its leaves is 40 kB. */
const PAGE = 16;

export type Verification = {
  /** Everything there was when it began was looked at, from the first seal on, and nothing is wrong with it. */
  readonly verified: boolean;
  /** How many events were looked at. */
  readonly events: number;
  readonly lastSeal: NewestSeal | null;
  /** The first of them, by their number. */
  readonly findings: readonly Finding[];
  /** How many there are, listed or not. */
  readonly found: number;
  /** Events that could not be sealed, and so not be held to anything. */
  readonly unsealed: number;
  /** Behind which seal it began; 0: at the first. */
  readonly fromSeal: number;
  /** false: there was no time for all of it, or not all of it is sealed. */
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

type Walk = {
  readonly after: Checked;
  readonly newest: NewestSeal | null;
  readonly scope: Scope;
  readonly hasTime: () => boolean;
};

type Walked = {
  readonly findings: Findings;
  readonly events: number;
  readonly complete: boolean;
  readonly last: number;
};

/** Holds the log to its seals, and the seals to each other, to their keys, and to the newest one that was known. */
@Injectable()
export class VerifyAuditLog {
  constructor(
    private readonly pending: SealPending,
    private readonly seals: Seals,
    private readonly inspect: InspectSeal,
    private readonly tail: InspectTail,
    private readonly head: FollowHead,
  ) {}

  /** What is pending is sealed first. At least one seal is looked at, whatever the time; what comes meanwhile is not. */
  async execute({ whose, afterSeal, hasTime }: VerificationOrder): Promise<Verification> {
    const lost = await this.lostHead();
    const through = await this.pending.execute(hasTime);
    const newest = await this.seals.newest();
    const scope = await this.inspect.scopeOf(whose);
    const seals = await this.throughSeals({ after: await this.from(afterSeal), newest, scope, hasTime });
    const behind = newest?.lastSequence ?? Number.MIN_SAFE_INTEGER;
    const tail = await this.tail.execute({ behind, through }, scope);
    const { findings } = seals;
    findings.add([...tail.findings, ...lost]);
    const complete = seals.complete && tail.unsealed === 0;
    return {
      verified: complete && afterSeal === 0 && findings.count === 0,
      events: seals.events,
      lastSeal: newest,
      findings: findings.listed,
      found: findings.count,
      unsealed: tail.unsealed,
      fromSeal: afterSeal,
      complete,
      nextSeal: complete ? null : seals.last,
    };
  }

  private async throughSeals({ after, newest, scope, hasTime }: Walk): Promise<Walked> {
    let checked = after;
    const findings = new Findings();
    let [events, complete] = [0, false];
    while (!complete) {
      const page = await this.seals.after(checked.number, PAGE);
      for (const seal of page) {
        const inspected = await this.inspect.execute(seal, checked, scope);
        findings.add(inspected.findings);
        events += inspected.events;
        checked = inspected.checked;
        // So that others get their turn.
        await new Promise(setImmediate);
        if (!hasTime()) break;
      }
      complete = page.length === 0 || (newest !== null && checked.number >= newest.number);
      if (!hasTime()) break;
    }
    return { findings, events, complete, last: checked.number };
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
  return { number, lastSequence, hash: hashOfPayload(payload) };
}
