import { Injectable } from '@nestjs/common';
import type { SessionId, UserId } from '../../../../kernel/ids';
import { sessionSource } from '../../domain/lockout/guess-source';
import type { ProvenPassword, UserState } from '../../domain/user';
import { GuessSources, type SignInOrigin } from '../lockout/guess-sources';
import { type Attempt, type AttemptOrigin, PasswordAttempts } from '../lockout/password-attempts';
import { Passwords } from './passwords';
import { StandIns } from '../lockout/stand-ins.port';
import { Users } from '../users.port';

type Checked = {
  /** The user's id; of a name that is nobody's, one that stands in for it. */
  readonly account: string;
  /** Wrong passwords of the last day that speak against this one. */
  readonly recentFailures: number;
};

/** A password that matched, as of a moment ago: whoever acts on it takes the user, decides again, and settles the attempt. */
export type PasswordProof = Checked & {
  readonly kind: 'proven';
  readonly userId: UserId;
  readonly proven: ProvenPassword;
  /** Set when the stored hash is weaker than today's. */
  readonly upgradedHash: string | null;
  readonly attempt: Attempt;
  /** The device, when it has signed in before. */
  readonly deviceId: string | null;
};

export type PasswordRefusal = Checked & {
  readonly kind: 'refused';
  readonly userId: UserId | null;
  readonly reason: 'unknown_user' | 'wrong_password' | 'locked' | 'stopped';
  readonly attempt: Attempt;
  /** As what it is to be settled: it failed, or was not compared at all. */
  readonly outcome: 'failed' | 'ignored';
};

export type PasswordVerification = PasswordProof | PasswordRefusal;

type Subject = AttemptOrigin & { readonly user: UserState | undefined; readonly deviceId: string | null };

/**
 * Compares passwords with those of accounts, as often as wrong ones allow, and in the same time whether there is such an
 * account, whether it is locked, and whether the password is right.
 */
@Injectable()
export class PasswordChecks {
  constructor(
    private readonly users: Users,
    private readonly passwords: Passwords,
    private readonly attempts: PasswordAttempts,
    private readonly standIns: StandIns,
    private readonly sources: GuessSources,
  ) {}

  /** `login` is an e-mail address or a username. Throws Overloaded. */
  async ofLogin(login: string, typed: string, origin: SignInOrigin): Promise<PasswordVerification> {
    const user = (await this.users.findByLogin(login))?.snapshot();
    const { source, deviceId } = this.sources.ofSignIn(user, origin);
    const account = user?.id ?? this.standIns.accountFor(login);
    return this.check({ user, account, source, ipAddress: origin.ipAddress, deviceId }, typed);
  }

  /** For the user of a session, who proves the password once more. Throws Overloaded. */
  async ofSession(id: UserId, session: SessionId | null, typed: string): Promise<PasswordVerification> {
    const user = (await this.users.find(id))?.snapshot();
    const source = sessionSource(session ?? 'none');
    return this.check({ user, account: id, source, ipAddress: null, deviceId: null }, typed);
  }

  /** As much work as a check, for what is refused whatever the password is. Throws Overloaded. */
  async pretend(typed: string): Promise<void> {
    await this.passwords.verify(null, typed);
  }

  private async check({ user, deviceId, ...origin }: Subject, typed: string): Promise<PasswordVerification> {
    const { account } = origin;
    const beginning = await this.attempts.begin(origin);
    const { attempt, recentFailures } = beginning;
    const userId = user?.id ?? null;
    const refused = { kind: 'refused', account, recentFailures, userId, attempt } as const;
    if (beginning.kind === 'refused') {
      await this.pretend(typed);
      return { ...refused, reason: beginning.reason, outcome: 'ignored' };
    }
    return this.attempts.orAbandon(attempt, async () => {
      const hash = user?.passwordHash ?? null;
      const matches = await this.passwords.verify(hash, typed);
      if (!user || !matches || hash === null) {
        return { ...refused, reason: user ? 'wrong_password' : 'unknown_user', outcome: 'failed' };
      }
      const upgradedHash = await this.passwords.upgrade(hash, typed);
      const proven = { hash, securityStamp: user.securityStamp };
      return { kind: 'proven', account, recentFailures, userId: user.id, proven, upgradedHash, attempt, deviceId };
    });
  }
}
