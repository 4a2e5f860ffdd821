import type { MailBrand } from './mails';

/** A mail in words. */
export type Letter = {
  /** The same each time it is tried: receivers know a repetition by it. */
  readonly id: string;
  readonly to: string;
  /** As whom it comes; null: as the settings say. */
  readonly brand: MailBrand | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly writtenAt: Date;
};

/** What takes letters away. */
export abstract class Mailer {
  /** Returns when the letter is in other hands. Throws when it is not; `failureOf` of smtp-failure.ts says what that means. */
  abstract send(letter: Letter): Promise<void>;
}
