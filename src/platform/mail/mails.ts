/** What each mail tells of, by the name of its text in `src/mails`. Instants are ISO 8601; never a password. */
export type MailFacts = {
  /** A session was ended because a refresh token that was already used came back. */
  readonly 'session-ended': {
    readonly at: string;
    /** Where the token came back from, as far as it is known: a name of ours such as `Firefox on Linux`. */
    readonly device: string | null;
    /** The IP address it came back from. */
    readonly address: string | null;
  };
  /** Somebody typed wrong passwords for the account. */
  readonly 'wrong-passwords': {
    readonly at: string;
    /** In a row, from anywhere. */
    readonly failures: number;
    /** After how many sign-in by password stops. */
    readonly stopAfter: number;
    /** The IP address the last of them came from. */
    readonly address: string | null;
  };
};

export type MailTemplate = keyof MailFacts;

/** Something to tell the owner of one address. */
export type Mail = {
  readonly [T in MailTemplate]: { readonly to: string; readonly template: T; readonly facts: MailFacts[T] };
}[MailTemplate];

/** Every template there is; a new one does not compile until it is listed here. */
const LISTED: Readonly<Record<MailTemplate, true>> = { 'session-ended': true, 'wrong-passwords': true };

export const MAIL_TEMPLATES = Object.keys(LISTED) as readonly MailTemplate[];
