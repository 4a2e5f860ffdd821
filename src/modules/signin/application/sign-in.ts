import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import {
  IdentityFacade,
  InvalidCredentials,
  type PasswordProof,
  type PasswordVerification,
} from '../../identity/identity.facade';
import { LockoutFacade } from '../../identity/lockout.facade';
import type { ClientTraits } from '../../tokens/tokens.facade';
import type { Risk } from '../domain/risk';
import { Entrance, type Entry, type SignInResult } from './entrance/entrance';
import { SigninJournal } from './signin-journal';

export type SignInInput = {
  readonly login: string;
  readonly password: string;
  /** Id or slug of the tenant to be active; null: the user's oldest. */
  readonly tenant: string | null;
  readonly honeypot: boolean;
  readonly client: ClientTraits;
  /** What a device that has signed in before keeps; null: nothing. */
  readonly deviceToken: string | null;
  /** Whether the device is to be known from now on. */
  readonly rememberDevice: boolean;
};

export type { SignInResult };

type Refused = { readonly kind: 'refused' };

const PASSWORD = ['pwd'];

/** Signs in with a password. */
@Injectable()
export class SignIn {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly lockouts: LockoutFacade,
    private readonly entrance: Entrance,
    private readonly journal: SigninJournal,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Tokens, or a challenge for whoever has a second factor. Throws InvalidCredentials, for whatever reason; Overloaded when
   * too many passwords are being compared.
   */
  async execute(input: SignInInput): Promise<SignInResult> {
    if (input.honeypot) return this.pretend(input);
    const { login, client, deviceToken } = input;
    const origin = { ipAddress: client.ipAddress, deviceToken };
    const verification = await this.identity.verifyPassword(login, input.password, origin);
    const entry = await this.decide(verification, input);
    // Refused only after the commit, so that the attempt stays on record.
    if (verification.kind === 'refused' || entry === null) throw new InvalidCredentials();
    if (entry.kind !== 'refused') return this.entrance.welcome(entry, this.deviceTokenOf(entry, verification, input));
    this.entrance.showTheWay(verification.userId, entry);
    throw new InvalidCredentials();
  }

  /** null: the password was not the account's. */
  private decide(verification: PasswordVerification, input: SignInInput): Promise<Entry | null> {
    const decision = async (now: Date): Promise<Entry | null> => {
      const risk = await this.journal.assess(verification, input.client, now);
      if (verification.kind === 'proven') return this.enter(verification, input, risk);
      await this.entrance.pretend(verification.account, input);
      await this.lockouts.settle(verification.attempt, verification.outcome);
      await this.journal.refused(verification.userId, verification.reason, risk);
      return null;
    };
    return this.lockouts.orAbandon(verification.attempt, () => this.work.run(decision));
  }

  private async enter(proof: PasswordProof, input: SignInInput, risk: Risk): Promise<Entry> {
    const { login, tenant, client, deviceToken, rememberDevice } = input;
    const device = { token: deviceToken, id: proof.deviceId, remember: rememberDevice };
    // As whoever looks a login up tells one from the other.
    const byUsername = !login.includes('@');
    const wish = { tenant, client, risk, authenticationMethods: PASSWORD, device, byUsername };
    const entry = await this.entrance.open(proof, wish);
    // The password was right, whatever is still to be shown: its own failures are forgiven, no others (LG-03).
    await this.lockouts.settle(proof.attempt, entry.kind === 'refused' ? 'released' : 'passed');
    return entry;
  }

  /** For the device to keep; null when it did not ask for one, or not before the second factor is shown. */
  private deviceTokenOf(entry: Exclude<Entry, Refused>, proof: PasswordProof, input: SignInInput): string | null {
    if (!input.rememberDevice || entry.kind === 'challenged') return null;
    // It is trusted by the very token it showed.
    if (entry.deviceTrusted) return input.deviceToken;
    const owner = { id: proof.userId, securityStamp: entry.securityStamp };
    return this.lockouts.issueDeviceToken(owner, input.login, proof.deviceId);
  }

  /** Whoever fills in what people do not see is refused in the same time as everybody, and counts for nothing. */
  private async pretend({ password, client }: SignInInput): Promise<never> {
    await this.lockouts.pretendToVerify(password);
    await this.work.run(() => this.journal.honeypot('login', client.ipAddress));
    throw new InvalidCredentials();
  }
}
