/** What each page tells, by the name of its text in `src/pages`. Every text is shown as it is, never as markup. */
export type PageFacts = {
  readonly 'verify-email': Token;
  readonly 'email-verified': Nothing;
  readonly 'reset-password': Token & Problems;
  readonly 'password-reset': Nothing;
  readonly 'confirm-email-change': Token;
  readonly 'email-change-confirmed': Nothing;
  readonly 'undo-email-change': Token;
  readonly 'email-change-undone': Nothing;
  readonly 'accept-invitation': Token &
    Problems & {
      readonly tenant: string;
      readonly role: string;
      readonly inviter: string;
      /** The address that is invited. */
      readonly email: string;
      /** Whether the address has an account, whose password is asked for; else one is chosen, and names may be given. */
      readonly hasAccount: boolean;
    };
  readonly 'invitation-accepted': { readonly tenant: string };
  /** What a second factor may be shown by; null: not by that. */
  readonly 'second-factor': Problems & {
    readonly totp: Choice;
    readonly sms: Choice;
    readonly email: Choice;
    readonly backupCodes: Choice;
    /** Whether there is nothing to choose from. */
    readonly none: boolean;
    /** Whether a code was asked for a moment ago. */
    readonly sent: boolean;
  };
  readonly 'signed-in': Nothing;
  /** An identity of that provider opens the account from now on. */
  readonly 'account-linked': { readonly provider: string };
  /** A sign-in that waits for nothing any more: why, nobody is told. */
  readonly 'sign-in-over': Nothing;
  /** A link that was used, has expired or never was: which of them, nobody is told. */
  readonly 'link-not-good': Nothing;
  /** Anything else that keeps a page from doing what it is for. */
  readonly 'try-again': { readonly title: string; readonly detail: string };
};

export type PageName = keyof PageFacts;

/** The secret of the link; the form posts it as `token`. */
type Token = { readonly token: string };

/** What was wrong with what was typed, in sentences; empty at first. */
type Problems = { readonly problems: readonly string[] };

type Choice = { readonly chosen: boolean } | null;

type Nothing = Readonly<Record<string, never>>;

/** Every page there is; a new one does not compile until it is listed here. */
const LISTED: Readonly<Record<PageName, true>> = {
  'verify-email': true,
  'email-verified': true,
  'reset-password': true,
  'password-reset': true,
  'confirm-email-change': true,
  'email-change-confirmed': true,
  'undo-email-change': true,
  'email-change-undone': true,
  'accept-invitation': true,
  'invitation-accepted': true,
  'second-factor': true,
  'signed-in': true,
  'account-linked': true,
  'sign-in-over': true,
  'link-not-good': true,
  'try-again': true,
};

export const PAGE_NAMES = Object.keys(LISTED) as readonly PageName[];
