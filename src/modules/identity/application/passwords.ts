import { Injectable } from '@nestjs/common';
import { ValidationFailed } from '../../../kernel/domain-error';
import { SignInSettings } from '../../../platform/config/settings';
import { asTyped, isTooLong, type PasswordContext, violations } from '../domain/password-policy';
import { PasswordHasher } from './password-hasher.port';

/** Where every password passes: as typed in NFC, within the policy when new, compared in equal time when not. */
@Injectable()
export class Passwords {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly settings: SignInSettings,
  ) {}

  /** The hash of a new password. Throws ValidationFailed naming `field`, with everything that is wrong at once. */
  async hashNew(typed: string, context: PasswordContext, field: string): Promise<string> {
    const password = asTyped(typed);
    const policy = {
      minLength: this.settings.passwordMinLength,
      phraseLength: this.settings.passwordPhraseLength,
      maxBytes: this.hasher.maxBytes,
    };
    const wrong = violations(password, policy, context, field);
    if (wrong.length > 0) throw new ValidationFailed(wrong);
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
}
