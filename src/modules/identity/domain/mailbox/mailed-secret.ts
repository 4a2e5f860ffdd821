import type { SessionId, UserId } from '../../../../kernel/ids';

export type MailedPurpose = 'email_verification' | 'password_reset' | 'email_change' | 'email_change_undo';

/** Everything that is persisted, and nothing else. */
export type MailedSecretState = {
  readonly id: string;
  readonly purpose: MailedPurpose;
  /** Whose account it acts on. null: nobody's; it was asked for with an address that has no account. */
  readonly userId: UserId | null;
  /** What becomes the address of the account; null where that stays as it is. */
  readonly address: string | null;
  /** A keyed hash of the mailbox it was sent to. */
  readonly addressKey: Uint8Array;
  /** The session it was asked for in, which goes on when it is used. */
  readonly sessionId: SessionId | null;
  /** SHA-256 of the token in the link. */
  readonly tokenHash: Uint8Array;
  /** Keyed hash of the six digits beside it; null: the mail has none. */
  readonly codeHash: Uint8Array | null;
  /** Wrong codes so far, those that were tried on its predecessors too. */
  readonly wrongCodes: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly codeExpiresAt: Date | null;
};

export type NewMailedSecret = Omit<MailedSecretState, 'wrongCodes' | 'createdAt' | 'expiresAt' | 'codeExpiresAt'>;

/** How long what is mailed is good, in seconds. */
export type MailedLife = { readonly link: number; readonly code: number };

export type MailedLifeSettings = { readonly emailVerifySeconds: number; readonly passwordResetSeconds: number };

/** Wrong codes after which only the link is good: six digits are soon tried. */
const CODE_TRIES = 5;
/** A code that opens an account is short-lived, whatever the link is. */
const RESET_CODE_SECONDS = 900;
/** Neither the proof of a new address (RC-07) nor any code is good for longer. */
const DAY_SECONDS = 86_400;
/** Codes of earlier mails are not good any more: each that is halves the guesses it takes. */
export const LIVE_CODES = 2;
/** Longer than a holiday weekend: who loses an account this way hears of it by this mail alone. */
const UNDO_SECONDS = 7 * DAY_SECONDS;

/** How long a mail of a purpose is good. */
export function lifeOf(
  purpose: MailedPurpose,
  { emailVerifySeconds, passwordResetSeconds }: MailedLifeSettings,
): MailedLife {
  switch (purpose) {
    case 'email_verification':
      return { link: emailVerifySeconds, code: Math.min(emailVerifySeconds, DAY_SECONDS) };
    case 'email_change': {
      const seconds = Math.min(emailVerifySeconds, DAY_SECONDS);
      return { link: seconds, code: seconds };
    }
    case 'password_reset':
      return { link: passwordResetSeconds, code: Math.min(passwordResetSeconds, RESET_CODE_SECONDS) };
    case 'email_change_undo':
      return { link: UNDO_SECONDS, code: 0 };
  }
}

/**
 * Whether a newer one ends the older ones. Where it opens an account, or gives one away, it does; whoever asked twice for
 * what only proves a mailbox may follow either mail.
 */
export function replacesOlder(purpose: MailedPurpose): boolean {
  return purpose === 'password_reset' || purpose === 'email_change';
}

/** Proof of a mailbox: whoever can show it reads what is sent there. It is used once, and then it is no more. */
export class MailedSecret {
  private constructor(private state: MailedSecretState) {}

  static restore(state: MailedSecretState): MailedSecret {
    return new MailedSecret({ ...state });
  }

  /** `wrongCodes`: how many were typed for what was mailed before; asking anew buys no further guesses. */
  static issue(secret: NewMailedSecret, wrongCodes: number, life: MailedLife, now: Date): MailedSecret {
    const after = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
    return new MailedSecret({
      ...secret,
      wrongCodes,
      createdAt: now,
      expiresAt: after(life.link),
      codeExpiresAt: secret.codeHash === null ? null : after(life.code),
    });
  }

  /** Whether the link of the mail still is good. */
  isGood(now: Date): boolean {
    return now < this.state.expiresAt;
  }

  /**
   * Decides about a code that was typed; `matches` whether it is the one of the mail. A wrong one is counted, and after
   * the last of them the right one is as good as any.
   */
  tryCode(matches: boolean, now: Date): 'right' | 'wrong' | 'dead' {
    const { codeExpiresAt, wrongCodes } = this.state;
    if (codeExpiresAt === null || now >= codeExpiresAt || wrongCodes >= CODE_TRIES) return 'dead';
    if (matches) return 'right';
    this.state = { ...this.state, wrongCodes: wrongCodes + 1 };
    return 'wrong';
  }

  snapshot(): MailedSecretState {
    return this.state;
  }
}
