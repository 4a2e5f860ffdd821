/** A mail in words. */
export type Letter = {
  /** The same each time it is tried: receivers know a repetition by it. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly writtenAt: Date;
};

/** What takes letters away. */
export abstract class Mailer {
  /** Returns when the letter is in other hands. Throws when it is not; then nothing is known of how far it came. */
  abstract send(letter: Letter): Promise<void>;
}
