import { Injectable } from '@nestjs/common';
import { ValidationFailed } from '../../../../kernel/domain-error';
import { SignInSettings } from '../../../../platform/config/settings';
import {
  asTyped,
  isTooLong,
  type PasswordContext,
  publishedInABreach,
  usedBefore,
  violations,
} from '../../domain/password-policy';
import { BreachedPasswords } from './breached-passwords.port';
import { CommonPasswords } from './common-passwords.port';
import { PasswordHasher } from './password-hasher.port';

/** What a new password is held against. */
export type NewPasswordContext = Omit<PasswordContext, 'isCommon'> & {
  /** Hashes of passwords that may not come back. */
  readonly former: readonly string[];
};

/** Where every password passes: as typed in NFC, within the policy when new, compared in equal time when not. */
@Injectable()
export class Passwords {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly common: CommonPasswords,
    private readonly breached: BreachedPasswords,
    private readonly settings: SignInSettings,
  ) {}

  /**
   * The hash of a new password. Throws ValidationFailed naming `field`, with everything that is wrong at once; what is
   * slow or remote to find out is asked only of a password that is right in all else. Throws Overloaded.
   */
  async hashNew(typed: string, field: string, { former, ...context }: NewPasswordContext): Promise<string> {
    const password = asTyped(typed);
    const policy = {
      minLength: this.settings.passwordMinLength,
      phraseLength: this.settings.passwordPhraseLength,
      maxBytes: this.hasher.maxBytes,
    };
    const wrong = violations(password, policy, { ...context, isCommon: this.common.has(password) }, field);
    if (wrong.length > 0) throw new ValidationFailed(wrong);
    if (await this.madeOneOf(former, password)) throw new ValidationFailed([usedBefore(field)]);
    if (await this.breached.has(password)) throw new ValidationFailed([publishedInABreach(field)]);
    return this.hasher.hash(password);
  }

  /** Whether the password made the hash. Without a hash it takes as long and is never true. */
  async verify(hash: string | null, typed: string): Promise<boolean> {
    const password = asTyped(typed);
    if (isTooLong(password)) return false;
    if (hash !== null) return this.hasher.verify(hash, password);
    await this.hasher.verifyNothing(password);
    return false;
  }

  /**
   * A stronger hash of a password that just matched, or null when there is none to make. A password today's
   * algorithm cannot take whole keeps its old hash: signing in matters more.
   */
  async upgrade(hash: string, typed: string): Promise<string | null> {
    const password = asTyped(typed);
    const { maxBytes } = this.hasher;
    const fits = maxBytes === null || Buffer.byteLength(password) <= maxBytes;
    return fits && !this.hasher.isCurrent(hash) ? this.hasher.hash(password) : null;
  }

  /** One after the other: nobody is to take all the room there is for hashing. */
  private async madeOneOf(hashes: readonly string[], password: string): Promise<boolean> {
    for (const hash of hashes) {
      if (await this.hasher.verify(hash, password)) return true;
    }
    return false;
  }
}
