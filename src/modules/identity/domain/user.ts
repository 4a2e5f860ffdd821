import type { UserId } from '../../../kernel/ids';
import { emailKey } from './email-address';
import { usernameKey } from './username';

export type UserStatus = 'active' | 'disabled';

/** Everything that is persisted, and nothing else. */
export type UserState = {
  readonly id: UserId;
  readonly email: string;
  readonly emailKey: string;
  readonly username: string | null;
  readonly usernameKey: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly emailVerifiedAt: Date | null;
  readonly status: UserStatus;
  readonly systemAdministrator: boolean;
  readonly passwordHash: string | null;
  readonly passwordChangedAt: Date | null;
  readonly passwordChangeRequired: boolean;
  readonly securityStamp: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly lastLoginAt: Date | null;
};

export type NewUser = {
  readonly id: UserId;
  readonly email: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly emailVerified: boolean;
  readonly systemAdministrator: boolean;
  /** null: another issuer says who the user is. */
  readonly passwordHash: string | null;
  readonly passwordChangeRequired: boolean;
  readonly securityStamp: string;
};

/** Fields left out stay as they are; null clears. */
export type ProfileChange = {
  readonly username?: string | null | undefined;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
};

type Refusal = 'disabled' | 'unverified' | 'password_changed' | 'stamp_changed' | 'locked';

/** Why what was proven does not open the account, or that it does. */
export type Admission =
  | { readonly kind: 'admitted'; readonly securityStamp: string }
  | { readonly kind: 'refused'; readonly reason: Refusal };

/** A password that was compared a moment ago: what it matched, and the stamp a new password would have changed. */
export type ProvenPassword = { readonly hash: string; readonly securityStamp: string };

export class User {
  private constructor(private state: UserState) {}

  static restore(state: UserState): User {
    return new User({ ...state });
  }

  static create({ emailVerified, ...user }: NewUser, now: Date): User {
    return new User({
      ...user,
      emailKey: emailKey(user.email),
      usernameKey: user.username === null ? null : usernameKey(user.username),
      emailVerifiedAt: emailVerified ? now : null,
      status: 'active',
      passwordChangedAt: user.passwordHash === null ? null : now,
      createdAt: now,
      updatedAt: now,
      lastLoginAt: null,
    });
  }

  /**
   * Decides about a password that was proven a moment ago, outside any lock: the account may have changed
   * meanwhile. `upgradedHash` replaces a hash that is weaker than today's.
   */
  admit(proven: ProvenPassword, upgradedHash: string | null, verificationRequired: boolean): Admission {
    const { status, passwordHash } = this.state;
    if (status === 'disabled') return { kind: 'refused', reason: 'disabled' };
    if (!this.isStill(proven)) return { kind: 'refused', reason: 'password_changed' };
    const admission = this.admitVerified(verificationRequired);
    if (admission.kind === 'admitted') this.state = { ...this.state, passwordHash: upgradedHash ?? passwordHash };
    return admission;
  }

  /** Decides about a sign-in that goes on: whatever protects the account must be as it was when it began. */
  resume(securityStamp: string, verificationRequired: boolean): Admission {
    if (this.state.status === 'disabled') return { kind: 'refused', reason: 'disabled' };
    if (this.state.securityStamp !== securityStamp) return { kind: 'refused', reason: 'stamp_changed' };
    return this.admitVerified(verificationRequired);
  }

  /**
   * Decides about a user for whom another issuer vouches. `keptOut`: whether wrong passwords keep them out, who come from
   * there.
   */
  admitFederated(keptOut: boolean, verificationRequired: boolean): Admission {
    if (this.state.status === 'disabled') return { kind: 'refused', reason: 'disabled' };
    if (keptOut) return { kind: 'refused', reason: 'locked' };
    return this.admitVerified(verificationRequired);
  }

  /** Whether a password that was proven a moment ago is still the one of this account, and it is in force. */
  hasPassword(proven: ProvenPassword): boolean {
    return this.isStill(proven) && this.state.status === 'active';
  }

  /** False when the password is no longer the one that was proven: somebody else changed it first. */
  changePassword(proven: ProvenPassword, hash: string, securityStamp: string, now: Date): boolean {
    if (!this.hasPassword(proven)) return false;
    this.replacePassword(hash, securityStamp, now);
    return true;
  }

  /** The owner of the mailbox was there. False when that is nothing new. */
  verifyEmail(now: Date): boolean {
    if (this.state.emailVerifiedAt !== null) return false;
    this.state = { ...this.state, emailVerifiedAt: now, updatedAt: now };
    return true;
  }

  /**
   * A new password for who reads the account's mails, whatever the old one was. Refused while the account is disabled.
   * `first_proof`: nobody had shown before that the address is theirs, so nothing done with the account so far need have
   * been its owner's doing.
   */
  resetPassword(hash: string, securityStamp: string, now: Date): 'refused' | 'known_mailbox' | 'first_proof' {
    if (this.state.status !== 'active') return 'refused';
    const outcome = this.state.emailVerifiedAt === null ? 'first_proof' : 'known_mailbox';
    this.replacePassword(hash, securityStamp, now);
    this.verifyEmail(now);
    return outcome;
  }

  /**
   * Somebody else vouches for whose the mailbox is, and nobody had shown that before: nothing done with the account so far
   * need have been its owner's doing. The password is gone. False, and nothing done, when that is nothing new, or the
   * account is disabled.
   */
  reclaim(securityStamp: string, now: Date): boolean {
    if (this.state.status !== 'active' || !this.verifyEmail(now)) return false;
    this.state = {
      ...this.state,
      passwordHash: null,
      passwordChangedAt: null,
      passwordChangeRequired: false,
      securityStamp,
    };
    return true;
  }

  /** Another address, which has been proven. False when it is the one the account has, or the account is disabled. */
  changeEmail(address: string, securityStamp: string, now: Date): boolean {
    if (this.state.status !== 'active' || this.hasAddress(address)) return false;
    this.state = {
      ...this.state,
      email: address,
      emailKey: emailKey(address),
      emailVerifiedAt: now,
      securityStamp,
      updatedAt: now,
    };
    return true;
  }

  /** What protects the account has changed: sessions and devices of before are over. */
  renewStamp(securityStamp: string, now: Date): void {
    this.state = { ...this.state, securityStamp, updatedAt: now };
  }

  /** Whether the user runs the whole service from now on. False when that is nothing new. */
  makeSystemAdministrator(systemAdministrator: boolean, now: Date): boolean {
    if (this.state.systemAdministrator === systemAdministrator) return false;
    this.state = { ...this.state, systemAdministrator, updatedAt: now };
    return true;
  }

  /** Whether that is the account's address, however it is spelt. */
  hasAddress(address: string): boolean {
    return emailKey(address) === this.state.emailKey;
  }

  private admitVerified(verificationRequired: boolean): Admission {
    if (verificationRequired && !this.state.emailVerifiedAt) return { kind: 'refused', reason: 'unverified' };
    return { kind: 'admitted', securityStamp: this.state.securityStamp };
  }

  private replacePassword(hash: string, securityStamp: string, now: Date): void {
    this.state = {
      ...this.state,
      passwordHash: hash,
      passwordChangedAt: now,
      passwordChangeRequired: false,
      securityStamp,
      updatedAt: now,
    };
  }

  /** Of sign-ins at once the first may have put a stronger hash of the very same password in the place of the old one. */
  private isStill(proven: ProvenPassword): boolean {
    const { passwordHash, securityStamp } = this.state;
    return passwordHash === proven.hash || (passwordHash !== null && securityStamp === proven.securityStamp);
  }

  /** Returns the names of the fields that are different now. */
  edit(change: ProfileChange, now: Date): readonly (keyof ProfileChange)[] {
    const { state } = this;
    const username = change.username === undefined ? state.username : change.username;
    const firstName = change.firstName === undefined ? state.firstName : change.firstName;
    const lastName = change.lastName === undefined ? state.lastName : change.lastName;
    const next = { username, firstName, lastName };
    const changed = (Object.keys(next) as (keyof typeof next)[]).filter((field) => next[field] !== this.state[field]);
    if (changed.length > 0) {
      const key = username === null ? null : usernameKey(username);
      this.state = { ...this.state, ...next, usernameKey: key, updatedAt: now };
    }
    return changed;
  }

  snapshot(): UserState {
    return this.state;
  }
}
