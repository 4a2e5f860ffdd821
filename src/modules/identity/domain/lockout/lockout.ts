import type { GuessSource } from './guess-source';

/** How wrong passwords are answered for (NIST SP 800-63B-4, 3.2.2; decision 3 of the security requirements). */
export type LockoutPolicy = {
  /** Failures from one source before it has to wait. */
  readonly threshold: number;
  readonly firstDelaySeconds: number;
  readonly longestDelaySeconds: number;
  /** Consecutive failures from anywhere that end sign-in by password until recovery. */
  readonly stopAfter: number;
};

/** Instants are milliseconds since 1970: the record is kept as JSON. */
export type SourceRecord = Pick<GuessSource, 'isKnown'> & {
  readonly failures: number;
  readonly lastFailedAt: number;
  readonly lockedUntil: number | null;
};

/** A password that is being compared right now, perhaps on another replica. */
export type RunningCheck = Pick<GuessSource, 'key' | 'isKnown'> & { readonly id: string; readonly until: number };

/** Everything that is persisted, and nothing else. */
export type LockoutState = {
  /** The user's id; for a name that is nobody's, one made of the name. */
  readonly account: string;
  /** In a row, from anywhere. */
  readonly failures: number;
  readonly stoppedAt: Date | null;
  readonly sources: Readonly<Record<string, SourceRecord>>;
  readonly checks: readonly RunningCheck[];
  readonly changedAt: Date;
};

/** `wait`: as many passwords are being compared as may turn out wrong; ask again when one of them is through. */
export type Start = 'check' | 'wait' | 'locked' | 'stopped';

/** What one more wrong password led to. */
export type Failure = {
  /** In a row, from anywhere, this one included. */
  readonly failures: number;
  /** Until when the source has to wait; null: it may go on. */
  readonly lockedUntil: Date | null;
  /** Whether it was this one that ended sign-in by password. */
  readonly stopped: boolean;
  /** Whether the owner should hear of it. */
  readonly ownerIsTold: boolean;
};

/** A check that has not ended by then never will: its process is gone. Longer than the whole queue of hashing takes. */
const CHECK_MS = 15_000;
/** For how long what came from a network is held against it; a device or session answers for its own until it is right. */
const REMEMBERED_MS = 24 * 3_600_000;
/** Far more than an account can collect before it is stopped; a bound all the same. */
const MAX_SOURCES = 256;
const OWNER_IS_TOLD_AT: readonly number[] = [10, 50];

/**
 * The wrong passwords of one account. Every comparison is announced before it is made and settled after it, so that
 * however many come at once, no more are made than may fail.
 */
export class Lockout {
  private constructor(private state: LockoutState) {}

  static restore(state: LockoutState): Lockout {
    return new Lockout({ ...state });
  }

  /** An account nobody has ever guessed at. */
  static clean(account: string, now: Date): Lockout {
    return new Lockout({ account, failures: 0, stoppedAt: null, sources: {}, checks: [], changedAt: now });
  }

  /** Who is told to wait has learnt nothing: the password is not compared, and the wait does not grow. */
  begin(source: GuessSource, checkId: string, policy: LockoutPolicy, now: Date): Start {
    const keptOut = this.keepsOut(source, policy, now);
    if (keptOut !== null) return keptOut;
    if (this.room(source, policy) <= 0) return 'wait';
    const { key, isKnown } = source;
    this.change(
      { checks: [...this.state.checks, { id: checkId, key, isKnown, until: now.getTime() + CHECK_MS }] },
      now,
    );
    return 'check';
  }

  /** Why nothing from there is to open the account at the moment; null: it may. */
  keepsOut(source: GuessSource, { stopAfter }: LockoutPolicy, now: Date): 'locked' | 'stopped' | null {
    if (this.isStopped && !source.isKnown) return 'stopped';
    this.tidy(now);
    const own = this.state.sources[source.key];
    if (own && source.isKnown && own.failures >= stopAfter) return 'stopped';
    return own && own.lockedUntil !== null && own.lockedUntil > now.getTime() ? 'locked' : null;
  }

  /** The password was wrong. */
  fail({ key, isKnown }: GuessSource, checkId: string, policy: LockoutPolicy, now: Date): Failure {
    this.end(checkId);
    const failures = (this.state.sources[key]?.failures ?? 0) + 1;
    const isLocked = failures >= policy.threshold;
    const lockedUntil = isLocked ? now.getTime() + delayMs(failures, policy) : null;
    const all = this.state.failures + 1;
    const stopped = all >= policy.stopAfter && this.state.stoppedAt === null;
    this.change(
      {
        failures: all,
        stoppedAt: stopped ? now : this.state.stoppedAt,
        sources: newest({
          ...this.state.sources,
          [key]: { isKnown, failures, lastFailedAt: now.getTime(), lockedUntil },
        }),
      },
      now,
    );
    return {
      failures: all,
      lockedUntil: lockedUntil === null ? null : new Date(lockedUntil),
      stopped,
      ownerIsTold: OWNER_IS_TOLD_AT.includes(all),
    };
  }

  /**
   * The password opened the account. What came from the same source is forgiven. A success from elsewhere than a known
   * device breaks the row of failures too; one from a known device does not, for then the owner, by signing in every day,
   * would hand a patient attacker another hundred guesses every day.
   */
  pass({ key, isKnown }: GuessSource, checkId: string, now: Date): void {
    this.end(checkId);
    const { [key]: own, ...sources } = this.state.sources;
    const failures = isKnown ? Math.max(0, this.state.failures - (own?.failures ?? 0)) : 0;
    this.change({ failures, sources, stoppedAt: isKnown ? this.state.stoppedAt : null }, now);
  }

  /** The comparison did not take place, or its right password opened nothing: it counts neither way. */
  release(checkId: string, now: Date): void {
    this.end(checkId);
    this.change({}, now);
  }

  /**
   * Strangers are forgiven, and may guess again. Not so sessions and known devices: nobody else's failures keep them out,
   * and whoever holds a stolen one must not buy more guesses with it. Returns whether anybody was kept out.
   */
  unlock(now: Date): boolean {
    const wasLocked = this.isStopped || this.lockedSources(now).length > 0;
    const known = Object.entries(this.state.sources).filter(([, { isKnown }]) => isKnown);
    this.change({ failures: 0, stoppedAt: null, sources: Object.fromEntries(known) }, now);
    return wasLocked;
  }

  /** There is a new password, at which nobody has guessed yet. Returns whether anybody was kept out. */
  recover(now: Date): boolean {
    const wasLocked = this.unlock(now);
    this.change({ sources: {} }, now);
    return wasLocked;
  }

  /** The wrong passwords of a day that speak against one more: a source that is known answers for its own alone. */
  recentFailures({ key, isKnown }: GuessSource, now: Date): number {
    this.tidy(now);
    if (isKnown) return this.state.sources[key]?.failures ?? 0;
    return Object.values(this.state.sources).reduce((sum, { failures }) => sum + failures, 0);
  }

  get isStopped(): boolean {
    return this.state.stoppedAt !== null;
  }

  /** Who has to wait, and until when. */
  lockedSources(now: Date): readonly { readonly source: string; readonly until: Date }[] {
    return Object.entries(this.state.sources).flatMap(([source, { lockedUntil }]) =>
      lockedUntil !== null && lockedUntil > now.getTime() ? [{ source, until: new Date(lockedUntil) }] : [],
    );
  }

  snapshot(): LockoutState {
    return this.state;
  }

  /** How many more comparisons may begin. After a wait it is one at a time. */
  private room({ key, isKnown }: GuessSource, { threshold, stopAfter }: LockoutPolicy): number {
    const { checks, failures, sources } = this.state;
    const ofSource = checks.filter((check) => check.key === key).length;
    const left = Math.max(1, threshold - (sources[key]?.failures ?? 0)) - ofSource;
    const ofStrangers = checks.filter((check) => !check.isKnown).length;
    return isKnown ? left : Math.min(left, stopAfter - failures - ofStrangers);
  }

  private end(checkId: string): void {
    this.state = { ...this.state, checks: this.state.checks.filter(({ id }) => id !== checkId) };
  }

  private tidy(now: Date): void {
    const at = now.getTime();
    const sources = Object.entries(this.state.sources).filter(
      ([, { isKnown, lastFailedAt }]) => isKnown || lastFailedAt + REMEMBERED_MS > at,
    );
    const checks = this.state.checks.filter(({ until }) => until > at);
    this.state = { ...this.state, sources: Object.fromEntries(sources), checks };
  }

  private change(change: Partial<LockoutState>, now: Date): void {
    this.state = { ...this.state, ...change, changedAt: now };
  }
}

/** 1, 2, 4, 8, 15, 15 … minutes, with the settings nobody changed. */
function delayMs(failures: number, { threshold, firstDelaySeconds, longestDelaySeconds }: LockoutPolicy): number {
  return Math.min(longestDelaySeconds, firstDelaySeconds * 2 ** (failures - threshold)) * 1000;
}

function newest(sources: LockoutState['sources']): LockoutState['sources'] {
  const entries = Object.entries(sources);
  if (entries.length <= MAX_SOURCES) return sources;
  return Object.fromEntries(entries.sort(([, a], [, b]) => a.lastFailedAt - b.lastFailedAt).slice(-MAX_SOURCES));
}
