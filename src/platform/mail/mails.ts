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
  /** To an address that is to be proven, by its account. */
  readonly 'email-verification': Proof;
  /** To the owner of an account: somebody registered with its address once more. */
  readonly 'account-exists': Occasion;
  /** To the owner of an account, who forgot the password. */
  readonly 'password-reset': Proof & {
    /** The code ends sooner than the link: it opens an account, and is easier to guess. */
    readonly codeUntil: string;
  };
  /** The password is another one. */
  readonly 'password-changed': Occasion & {
    /** Whether the old one was known, or a mailed link took its place. */
    readonly how: 'changed' | 'reset';
  };
  /** To an address that is to become that of an account. */
  readonly 'email-change': Proof;
  /** To the address an account has so far: somebody asked for another one. */
  readonly 'email-change-requested': Occasion & { readonly newAddress: string };
  /** To the address an account had: it has another one now. The link takes that back. */
  readonly 'email-changed': Occasion & {
    /** The new address, most of it hidden. */
    readonly newAddress: string;
    readonly link: string;
    readonly until: string;
  };
  /** To the address an account has again. */
  readonly 'email-change-undone': Occasion;
  /** To somebody who is to become a member of a tenant. */
  readonly invitation: Proof & {
    /** Names that people chose. */
    readonly tenant: string;
    readonly inviter: string;
    readonly role: string;
    /** The code ends sooner than the link: it makes an account, and is easier to guess. */
    readonly codeUntil: string;
  };
  /** A code that was asked for, to show a second factor. */
  readonly 'second-factor-code': {
    /** Six digits. */
    readonly code: string;
    /** When it ends. */
    readonly until: string;
    /** What it is good for, and for nothing else. */
    readonly purpose: 'sign-in' | 'step-up' | 'set-up';
  };
  /** A second factor was set up. */
  readonly 'second-factor-added': Occasion & {
    readonly method: FactorName;
    /** The number that codes go to, most of it hidden; null: to none. */
    readonly number: string | null;
    /** Whether there was one of its kind before, which is no more. */
    readonly replaced: boolean;
  };
  /** The user took second factors away. */
  readonly 'second-factor-removed': Occasion & { readonly methods: readonly FactorName[] };
  /** An administrator took away all second factors, or the owner of the mailbox showed for the first time. */
  readonly 'second-factors-removed': Occasion & { readonly why: 'administrator' | 'first_proof' };
  /** After too many wrong codes in a row one method is disabled. */
  readonly 'second-factor-stopped': Occasion & {
    readonly method: FactorName | 'backup_codes';
    /** In a row. */
    readonly failures: number;
  };
  /** So many wrong codes came that for a while none is looked at. Whoever typed them has shown the password before. */
  readonly 'wrong-codes': Occasion;
  /** A backup code stood in for a second factor. */
  readonly 'backup-code-used': Occasion & {
    /** How many are good after this one. */
    readonly left: number;
    /** Whether they are so few that there should be new ones. */
    readonly few: boolean;
  };
  /** There are new backup codes, and the old ones are worth nothing. */
  readonly 'backup-codes-renewed': Occasion;
  /** An identity of a provider opens the account from now on. */
  readonly 'identity-linked': Occasion & {
    /** As people know it. */
    readonly provider: string;
    /** Its user asked for it, or the address did: `reclaimed` where nobody had shown before that it is theirs. */
    readonly how: 'user' | 'address' | 'reclaimed';
  };
  /** It opens it no more. */
  readonly 'identity-unlinked': Occasion & {
    readonly provider: string;
    /** Its user asked for it, or the owner of the mailbox showed for the first time. */
    readonly why: 'user' | 'first_proof';
  };
  /** The account is no more. */
  readonly 'account-deleted': { readonly at: string };
};

/** A link to follow, and a code for whoever cannot. */
type Proof = {
  readonly link: string;
  /** Six digits. */
  readonly code: string;
  /** When it ends. */
  readonly until: string;
};

/** Kinds of second factor, by the names of the contract. */
type FactorName = 'totp' | 'sms' | 'email';

/** When something was done, and from which IP address, as far as it is known. */
type Occasion = { readonly at: string; readonly address: string | null };

/** As whom a tenant's mails come; what is null is as the settings say. */
export type MailBrand = {
  /** What recipients see instead of the service's name. */
  readonly name: string | null;
  /** An e-mail address the mail server may send for. */
  readonly sender: string | null;
};

export type MailTemplate = keyof MailFacts;

/** Something to tell the owner of one address. In a subject there is never a secret. */
export type Mail = {
  readonly [T in MailTemplate]: {
    /** null: nobody. It takes the same work, and nothing is sent: time must not tell whether there is an account. */
    readonly to: string | null;
    readonly template: T;
    readonly facts: MailFacts[T];
    /** The tenant that has it sent, for whom it counts; left out: none, it is the service's own doing. */
    readonly tenant?: string | null;
    /** Left out: the service's own. */
    readonly brand?: MailBrand | null;
    /** When it helps nobody any more: what was not sent by then is given up. Left out: never. */
    readonly uselessAfter?: Date | null;
  };
}[MailTemplate];

/** Every template there is; a new one does not compile until it is listed here. */
const LISTED: Readonly<Record<MailTemplate, true>> = {
  'session-ended': true,
  'wrong-passwords': true,
  'email-verification': true,
  'account-exists': true,
  'password-reset': true,
  'password-changed': true,
  'email-change': true,
  'email-change-requested': true,
  'email-changed': true,
  'email-change-undone': true,
  invitation: true,
  'second-factor-code': true,
  'second-factor-added': true,
  'second-factor-removed': true,
  'second-factors-removed': true,
  'second-factor-stopped': true,
  'wrong-codes': true,
  'backup-code-used': true,
  'backup-codes-renewed': true,
  'identity-linked': true,
  'identity-unlinked': true,
  'account-deleted': true,
};

export const MAIL_TEMPLATES = Object.keys(LISTED) as readonly MailTemplate[];
