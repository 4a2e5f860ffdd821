import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import {
  IdentityFacade,
  InvalidCredentials,
  type PasswordProof,
  type PasswordVerification,
} from '../../identity/identity.facade';
import { LockoutFacade } from '../../identity/lockout.facade';
import type { ClientTraits, TokenPair } from '../../tokens/tokens.facade';
import type { Risk } from '../domain/risk';
import { Entrance, type Entry } from './entrance';
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

export type SignInResult = {
  readonly tokens: TokenPair;
  /** For the device to keep; null when it did not ask for one. */
  readonly deviceToken: string | null;
};

type Granted = Extract<Entry, { readonly kind: 'granted' }>;

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

  /** Throws InvalidCredentials, for whatever reason; Overloaded when too many passwords are being compared. */
  async execute(input: SignInInput): Promise<SignInResult> {
    if (input.honeypot) return this.pretend(input);
    const { login, client, deviceToken } = input;
    const origin = { ipAddress: client.ipAddress, deviceToken };
    const verification = await this.identity.verifyPassword(login, input.password, origin);
    const entry = await this.decide(verification, input);
    // Refused only after the commit, so that the attempt stays on record.
    if (verification.kind === 'refused' || entry === null) throw new InvalidCredentials();
    if (entry.kind === 'granted') return this.welcome(entry, verification, input);
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
    const { tenant, client } = input;
    const wish = { tenant, client, riskScore: risk.score, authenticationMethods: PASSWORD };
    const entry = await this.entrance.open(proof, wish);
    if (entry.kind === 'refused') {
      await this.lockouts.settle(proof.attempt, 'released');
      await this.journal.refused(proof.userId, entry.reason, risk);
      return entry;
    }
    await this.lockouts.settle(proof.attempt, 'passed');
    await this.journal.signedIn(entry.granted, client, risk);
    return entry;
  }

  private async welcome(entry: Granted, proof: PasswordProof, input: SignInInput): Promise<SignInResult> {
    const owner = { id: proof.userId, securityStamp: entry.securityStamp };
    const deviceToken = input.rememberDevice
      ? this.lockouts.issueDeviceToken(owner, input.login, proof.deviceId)
      : null;
    return { tokens: await this.entrance.issue(entry.granted), deviceToken };
  }

  /** Whoever fills in what people do not see is refused in the same time as everybody, and counts for nothing. */
  private async pretend({ password, client }: SignInInput): Promise<never> {
    await this.lockouts.pretendToVerify(password);
    await this.work.run(() => this.journal.honeypot('login', client.ipAddress));
    throw new InvalidCredentials();
  }
}
