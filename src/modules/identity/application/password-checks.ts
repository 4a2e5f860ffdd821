import { Injectable } from '@nestjs/common';
import type { SessionId, UserId } from '../../../kernel/ids';
import { sessionSource } from '../domain/guess-source';
import type { UserState } from '../domain/user';
import { GuessSources, type SignInOrigin } from './guess-sources';
import { type Attempt, type AttemptOrigin, type AttemptOutcome, PasswordAttempts } from './password-attempts';
import { Passwords } from './passwords';
import { StandIns } from './stand-ins.port';
import { Users } from './users.port';

type Checked = {
  /** The user's id; of a name that is nobody's, one that stands in for it. */
  readonly account: string;
  /** Wrong passwords in a row before this one, from anywhere. */
  readonly failuresBefore: number;
};

/** A password that matched, as of a moment ago: whoever acts on it takes the user, decides again, and settles the attempt. */
export type PasswordProof = Checked & {
  readonly kind: 'proven';
  readonly userId: UserId;
  readonly provenHash: string;
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
  readonly outcome: Exclude<AttemptOutcome, 'passed'>;
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
    this.passwords.refuseWhenBusy();
    const user = (await this.users.findByLogin(login))?.snapshot();
    const { source, deviceId } = this.sources.ofSignIn(user, origin);
    const account = user?.id ?? this.standIns.accountFor(login);
    return this.check({ user, account, source, ipAddress: origin.ipAddress, deviceId }, typed);
  }

  /** For the user of a session, who proves the password once more. Throws Overloaded. */
  async ofSession(id: UserId, session: SessionId | null, typed: string): Promise<PasswordVerification> {
    this.passwords.refuseWhenBusy();
    const user = (await this.users.find(id))?.snapshot();
    const source = sessionSource(session ?? 'none');
    return this.check({ user, account: id, source, ipAddress: null, deviceId: null }, typed);
  }

  /** As much work as a check, for what is refused whatever the password is. Throws Overloaded. */
  pretend(typed: string): Promise<void> {
    return this.passwords.pretend(typed);
  }

  private async check({ user, deviceId, ...origin }: Subject, typed: string): Promise<PasswordVerification> {
    const { account } = origin;
    const beginning = await this.attempts.begin(origin);
    const { attempt, failuresBefore } = beginning;
    const userId = user?.id ?? null;
    const refused = { kind: 'refused', account, failuresBefore, userId, attempt } as const;
    if (beginning.kind === 'refused') {
      await this.passwords.pretend(typed);
      return { ...refused, reason: beginning.reason, outcome: 'released' };
    }
    return this.attempts.whileOpen(attempt, async () => {
      const provenHash = user?.passwordHash ?? null;
      const matches = await this.passwords.verify(provenHash, typed);
      if (!user || !matches || provenHash === null) {
        return { ...refused, reason: user ? 'wrong_password' : 'unknown_user', outcome: 'failed' };
      }
      const upgradedHash = await this.passwords.upgrade(provenHash, typed);
      return { kind: 'proven', account, failuresBefore, userId: user.id, provenHash, upgradedHash, attempt, deviceId };
    });
  }
}
