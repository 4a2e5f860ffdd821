import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { LockoutSettings } from '../../../../platform/config/settings';
import type { UserState } from '../../domain/user';
import { Users } from '../users.port';
import { GuessSources, type SignInOrigin } from './guess-sources';
import { Lockouts } from './lockouts.port';

/** What wrong passwords mean for a sign-in without one: nothing is counted by it, and nothing forgiven. */
@Injectable()
export class KeptOut {
  constructor(
    private readonly users: Users,
    private readonly lockouts: Lockouts,
    private readonly sources: GuessSources,
    private readonly policy: LockoutSettings,
  ) {}

  /** Whether a password from there would not even be compared. */
  async has(user: UserState, origin: SignInOrigin, now: Date): Promise<boolean> {
    const lockout = await this.lockouts.find(user.id);
    const { source } = this.sources.ofSignIn(user, origin);
    return lockout !== null && lockout.keepsOut(source, this.policy, now) !== null;
  }

  /** The device, when it proves that it has signed in to the account before; else null. */
  async deviceOf(id: UserId, origin: SignInOrigin): Promise<string | null> {
    const user = (await this.users.find(id))?.snapshot();
    return this.sources.ofSignIn(user, origin).deviceId;
  }
}
