import type { UserId } from '../../../kernel/ids';
import type { Method } from './method';

/** Everything that is persisted, and nothing else. */
export type FactorGuessesState = {
  readonly userId: UserId;
  /** When the newest wrong codes came, of all methods together; null: of one that could not have been right. */
  readonly recent: readonly { readonly method: Method | null; readonly at: Date }[];
  /** Wrong codes in a row, by method. */
  readonly failures: Readonly<Partial<Record<Method, number>>>;
  /** Methods that are disabled, and since when. */
  readonly stopped: Readonly<Partial<Record<Method, Date>>>;
};

/** What one more wrong code led to. */
export type WrongCode = {
  readonly failures: number;
  /** Whether it was this one that disabled the method. */
  readonly stopped: boolean;
  /** Whether it was this one after which everybody has to wait. */
  readonly nowWaits: boolean;
};

/** MF-04: so many wrong codes of an account in a quarter of an hour, wherever they are shown. */
const PER_WINDOW = 10;
const WINDOW_MS = 900_000;
/** NIST 800-63B, 3.2.2: so many in a row disable the factor. */
const STOP_AFTER = 100;

/** The wrong codes of one account (RFC 4226, 7.3: counted over all sessions). */
export class FactorGuesses {
  private constructor(private state: FactorGuessesState) {}

  static restore(state: FactorGuessesState): FactorGuesses {
    return new FactorGuesses({ ...state });
  }

  static none(userId: UserId): FactorGuesses {
    return new FactorGuesses({ userId, recent: [], failures: {}, stopped: {} });
  }

  /** How many seconds nobody's code is looked at, not even a right one; 0: it is. */
  waitSeconds(now: Date): number {
    const recent = this.recentAt(now);
    const decisive = recent.at(-PER_WINDOW);
    if (decisive === undefined) return 0;
    return Math.max(1, Math.ceil((decisive.at.getTime() + WINDOW_MS - now.getTime()) / 1000));
  }

  isStopped(method: Method): boolean {
    return this.state.stopped[method] !== undefined;
  }

  /** `method`: null where nothing could have been right, so that nothing is disabled that is not there. */
  wrong(method: Method | null, now: Date): WrongCode {
    const failures = method === null ? 0 : (this.state.failures[method] ?? 0) + 1;
    const stopped = method !== null && failures >= STOP_AFTER && !this.isStopped(method);
    const waitedBefore = this.waitSeconds(now) > 0;
    this.state = {
      ...this.state,
      recent: [...this.recentAt(now), { method, at: now }].slice(-PER_WINDOW),
      failures: method === null ? this.state.failures : { ...this.state.failures, [method]: failures },
      stopped: stopped ? { ...this.state.stopped, [method]: now } : this.state.stopped,
    };
    return { failures, stopped, nowWaits: !waitedBefore && this.waitSeconds(now) > 0 };
  }

  /** A right code forgives the wrong ones of its own method, and of no other. */
  right(method: Method): void {
    const { [method]: _, ...failures } = this.state.failures;
    this.state = { ...this.state, failures, recent: this.state.recent.filter((wrong) => wrong.method !== method) };
  }

  /** It was set up anew: there is another secret, at which nobody has guessed. What came lately counts on. */
  renewed(method: Method): void {
    const { [method]: _failures, ...failures } = this.state.failures;
    const { [method]: _stopped, ...stopped } = this.state.stopped;
    this.state = { ...this.state, failures, stopped };
  }

  snapshot(): FactorGuessesState {
    return this.state;
  }

  private recentAt(now: Date): FactorGuessesState['recent'] {
    const oldest = now.getTime() - WINDOW_MS;
    return this.state.recent.filter(({ at }) => at.getTime() > oldest);
  }
}
