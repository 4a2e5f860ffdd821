import type { KeptMessage } from '../outbox/outbox-table';

/** What each text message tells of, by the name of its text in `src/texts`. */
export type TextFacts = {
  /** Proves who has the telephone. */
  readonly code: {
    /** Six digits. */
    readonly code: string;
    /** For how many minutes it is good. */
    readonly minutes: number;
    /** Whom the recipient deals with, as a tenant calls itself; null: the service. */
    readonly brand: string | null;
  };
};

export type TextTemplate = keyof TextFacts;

/** Something to tell the owner of one telephone. */
export type Text = {
  readonly [T in TextTemplate]: {
    /** In E.164. null: nobody. It takes the same work, and nothing is sent: time must not tell whether there is a number. */
    readonly to: string | null;
    readonly template: T;
    readonly facts: TextFacts[T];
    /** The tenant that has it sent, for whom it counts; left out: none. */
    readonly tenant?: string | null;
    /** When it helps nobody any more: what was not sent by then is given up. */
    readonly uselessAfter: Date | null;
  };
}[TextTemplate];

/** Every template there is; a new one does not compile until it is listed here. */
const LISTED: Readonly<Record<TextTemplate, true>> = { code: true };

export const TEXT_TEMPLATES = Object.keys(LISTED) as readonly TextTemplate[];

/**
 * Where text messages are left to be sent once the running unit of work is committed, at least once, and at once if
 * they can be.
 */
export abstract class TextMessages {
  /** Throws outside a unit of work. Rolled back with it: what did not happen is not told. */
  abstract enqueue(text: Text): Promise<void>;

  /**
   * Removes all that is kept of messages to a number: waiting, given up and sent. One that a provider is being given at
   * this moment may still arrive. Throws outside a unit of work.
   */
  abstract forget(number: string): Promise<void>;

  /** What `forget` would remove, oldest first. */
  abstract keptOf(number: string): Promise<readonly KeptMessage[]>;
}
