import { Overloaded } from '../../src/kernel/domain-error';
import type { UserId } from '../../src/kernel/ids';
import { Lockouts } from '../../src/modules/identity/application/lockout/lockouts.port';
import { InvalidCredentials } from '../../src/modules/identity/domain/errors';
import type { LockoutState } from '../../src/modules/identity/domain/lockout/lockout';
import type { NewUser } from '../../src/modules/identity/domain/user';
import { SignIn, type SignInInput, type SignInResult } from '../../src/modules/signin/application/sign-in';
import { aClient } from './a-device';
import { aSignIn, letIn } from './a-sign-in';
import { PASSWORD } from './client';
import { plainHash } from './plain-hasher';
import { type Member, type Place, Stored } from './stored';

export const WRONG = `${PASSWORD}!`;

/** Where somebody signs in from: so many networks, one address of each. */
export function networkNo(number: number): { readonly client: SignInInput['client'] } {
  return { client: aClient({ ipAddress: `10.${(number >> 8) & 255}.${number & 255}.7` }) };
}

/** An account and those who try to get into it, through the use case. Its hash is that of the PlainHasher. */
export class GuessedAccount {
  readonly userId: UserId;
  readonly login: string;

  constructor(
    private readonly context: Place,
    readonly member: Member,
  ) {
    this.userId = member.userId;
    this.login = `${member.userId}@example.com`;
  }

  static async in(context: Place, user: Partial<NewUser> = {}): Promise<GuessedAccount> {
    const passwordHash = plainHash(PASSWORD);
    return new GuessedAccount(context, await new Stored(context).newMember({ passwordHash, ...user }));
  }

  /** With the right password, unless the test says otherwise. */
  signIn(input: Partial<SignInInput> = {}): Promise<SignInResult> {
    return this.context.app.get(SignIn).execute(aSignIn({ login: this.login, ...input }));
  }

  /** Whether somebody got in; an answer that is none is an error. */
  async isOpenTo(input: Partial<SignInInput> = {}): Promise<boolean> {
    try {
      await this.signIn(input);
      return true;
    } catch (error) {
      if (error instanceof InvalidCredentials) return false;
      throw error;
    }
  }

  /** As `isOpenTo`, were the line too long to wait in. */
  async letsIn(input: Partial<SignInInput> = {}): Promise<boolean> {
    try {
      return await this.isOpenTo(input);
    } catch (error) {
      if (error instanceof Overloaded) return false;
      throw error;
    }
  }

  /** So many wrong passwords, one after the other. */
  async wrong(times: number, input: Partial<SignInInput> = {}): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      if (await this.isOpenTo({ password: WRONG, ...input })) throw new Error('A wrong password opened the account');
    }
  }

  /** One wrong password each from so many networks. */
  async wrongFromNetworks(count: number, from = 0): Promise<void> {
    for (let number = from; number < from + count; number += 1) await this.wrong(1, networkNo(number));
  }

  /** The token of a device that is known from now on; it signs in from a network of its own. */
  async knownDevice(): Promise<string> {
    const client = aClient({ ipAddress: '192.0.2.1' });
    const { deviceToken } = letIn(await this.signIn({ rememberDevice: true, client }));
    if (deviceToken === null) throw new Error('There is no token of the device');
    return deviceToken;
  }

  /** What is kept of the wrong passwords. */
  async state(): Promise<LockoutState | undefined> {
    return (await this.context.app.get(Lockouts).find(this.userId))?.snapshot();
  }
}
