import type { Clock } from '../time/clock';

/** For how long a replica may believe what it has read (decision 8 of the security requirements). */
export const BELIEVED_MS = 1_000;

export type Look<T> = {
  readonly key: string;
  /** Whom the answer is about: forgetting one of them forgets the answer. */
  readonly subjects: readonly string[];
  readonly look: () => Promise<T | null>;
  /** Whether a remembered answer still holds at this moment; without: it does. */
  readonly holds?: (answer: T) => boolean;
};

type Entry<T> = { readonly since: number; readonly answer: Promise<T | null> };

/**
 * Answers of the database, believed for a moment from when they were asked for, and asked for once for all who wait.
 * "Nothing" and errors are shared by who waits and never remembered. Not for use within a unit of work: the answer
 * another waits for may need the connection that one holds.
 */
export class BriefMemory<T> {
  // Two generations, turned over once a moment: whatever is in the older one or gone is too old to matter.
  private answers = [new Map<string, Entry<T>>(), new Map<string, Entry<T>>()] as const;
  private changes = [new Map<string, number>(), new Map<string, number>()] as const;
  private turnedAt = -Infinity;

  constructor(
    private readonly clock: Pick<Clock, 'elapsedMs'>,
    private readonly believedMs: number = BELIEVED_MS,
  ) {}

  /** null when there is no such thing. Throws what `look` throws. */
  async find(wanted: Look<T>): Promise<T | null> {
    const { key, subjects, holds = () => true } = wanted;
    const cameAt = this.turn();
    const known = this.entry(key);
    if (known && this.isBelieved(known, subjects)) {
      const answer = await known.answer;
      // It may have been long under way: what was believed when it was asked for need not be when it comes.
      if (this.isBelieved(known, subjects) && (answer === null || holds(answer))) return answer;
    }
    const asked = this.askedSince(cameAt, wanted, known);
    const answer = await asked.answer;
    return this.isForgotten(asked, subjects) ? this.askedSince(cameAt, wanted, asked).answer : answer;
  }

  /** What is known about the subject is not believed from now on; looks under way are no answer for who comes later. */
  forget(subject: string): void {
    const now = this.turn();
    this.changes[0].set(subject, now);
  }

  private entry(key: string): Entry<T> | undefined {
    return this.answers[0].get(key) ?? this.answers[1].get(key);
  }

  /** What somebody else has asked for since is as good as one's own question, and one for all who fell through. */
  private askedSince(instant: number, { key, subjects, look }: Look<T>, but: Entry<T> | undefined): Entry<T> {
    const entry = this.entry(key);
    const isNew = entry !== undefined && entry !== but && entry.since >= instant;
    return isNew && !this.isForgotten(entry, subjects) ? entry : this.ask(key, look);
  }

  private isBelieved(entry: Entry<T>, subjects: readonly string[]): boolean {
    return this.turn() - entry.since < this.believedMs && !this.isForgotten(entry, subjects);
  }

  private isForgotten({ since }: Entry<T>, subjects: readonly string[]): boolean {
    return subjects.some((subject) => this.lastChange(subject) >= since);
  }

  private ask(key: string, look: () => Promise<T | null>): Entry<T> {
    const entry: Entry<T> = { since: this.turn(), answer: look() };
    this.answers[0].set(key, entry);
    const drop = (): void => {
      for (const generation of this.answers) if (generation.get(key) === entry) generation.delete(key);
    };
    entry.answer.then((answer) => {
      if (answer === null) drop();
    }, drop);
    return entry;
  }

  private lastChange(subject: string): number {
    return this.changes[0].get(subject) ?? this.changes[1].get(subject) ?? -Infinity;
  }

  private turn(): number {
    const now = this.clock.elapsedMs();
    const age = now - this.turnedAt;
    if (age >= this.believedMs) {
      const isRecent = age < 2 * this.believedMs;
      this.answers = [new Map(), isRecent ? this.answers[0] : new Map<string, Entry<T>>()];
      this.changes = [new Map(), isRecent ? this.changes[0] : new Map<string, number>()];
      this.turnedAt = now;
    }
    return now;
  }
}
