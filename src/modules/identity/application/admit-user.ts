import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { SignInSettings } from '../../../platform/config/settings';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import type { Admission } from '../domain/user';
import type { SignInOrigin } from './lockout/guess-sources';
import { KeptOut } from './lockout/kept-out';
import { type UserView, viewOf } from './user-queries';
import { Users } from './users.port';
import type { PasswordProof } from './passwords/password-checks';

const GONE: Admission = { kind: 'refused', reason: 'disabled' };

/** Says whether what was proven opens its account, or why it does not, and holds that. Joins the caller's unit of work. */
@Injectable()
export class AdmitUser {
  constructor(
    private readonly users: Users,
    private readonly work: UnitOfWork,
    private readonly settings: SignInSettings,
    private readonly keptOut: KeptOut,
  ) {}

  /** Whether the password is the account's at this moment, and goes on being it until the unit of work ends. */
  isStillProven({ userId, proven }: PasswordProof): Promise<boolean> {
    return this.work.run(async () => (await this.users.take(userId))?.hasPassword(proven) ?? false);
  }

  /** Whether the password opens the account. That somebody is in is noted when it is so. */
  execute({ userId, proven, upgradedHash }: PasswordProof): Promise<Admission> {
    return this.work.run(async () => {
      const user = await this.users.take(userId);
      if (!user) return GONE;
      const admission = user.admit(proven, upgradedHash, this.isProofRequired);
      if (admission.kind === 'admitted' && upgradedHash !== null) await this.users.save(user);
      return admission;
    });
  }

  /** Whether the account is open to a sign-in that began under that security stamp. */
  resume(id: UserId, securityStamp: string): Promise<Admission> {
    return this.work.run(async () => {
      const user = await this.users.take(id);
      return user ? user.resume(securityStamp, this.isProofRequired) : GONE;
    });
  }

  /** Whether the account is open to its user, for whom another issuer vouches. Where no password is, none can be wrong. */
  federated(id: UserId, origin: SignInOrigin): Promise<Admission> {
    return this.work.run(async (now) => {
      const user = await this.users.take(id);
      if (!user) return GONE;
      const state = user.snapshot();
      const keptOut = state.passwordHash !== null && (await this.keptOut.has(state, origin, now));
      return user.admitFederated(keptOut, this.isProofRequired);
    });
  }

  /** Whether there is a password, which stays so until the unit of work ends. */
  hasPassword(id: UserId): Promise<boolean> {
    return this.work.run(async () => {
      const user = await this.users.take(id);
      return user !== null && user.snapshot().passwordHash !== null;
    });
  }

  /** Until the unit of work ends the account stays as it is. False when there is none. */
  hold(id: UserId): Promise<boolean> {
    return this.work.run(async () => (await this.users.take(id)) !== null);
  }

  /** As `hold`, the account that has the address, which it keeps; null: none has it. */
  holdByAddress(email: string): Promise<UserView | null> {
    return this.work.run(async () => {
      const found = await this.users.findByLogin(email);
      const held = found && (await this.users.take(found.snapshot().id));
      return held?.hasAddress(email) === true ? viewOf(held.snapshot()) : null;
    });
  }

  async noteSignIn(id: UserId): Promise<void> {
    await this.work.run((now) => this.users.noteSignIn(id, now));
  }

  private get isProofRequired(): boolean {
    return this.settings.emailVerification === 'required';
  }
}
