import { Injectable } from '@nestjs/common';
import { userId } from '../../../kernel/ids';
import { Random } from '../../../platform/crypto/random';
import { Clock } from '../../../platform/time/clock';
import { nameFrom } from '../domain/personal-name';
import { ownWords } from '../domain/password-policy';
import type { NewUser } from '../domain/user';
import { Passwords } from './passwords/passwords';

export type UserDraftInput = {
  readonly email: string;
  readonly password: string;
  readonly username?: string | null | undefined;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  /** Words the password must not consist of, such as the name of the tenant. */
  readonly context?: readonly string[];
  readonly emailVerified?: boolean;
  readonly systemAdministrator?: boolean;
  readonly passwordChangeRequired?: boolean;
};

/** As another issuer has it. */
export type FederatedDraftInput = {
  readonly email: string;
  /** Whether the issuer showed that the address is theirs. */
  readonly emailVerified: boolean;
  readonly firstName: string | null;
  readonly lastName: string | null;
};

/** Checks and hashes all that a new user needs, before any transaction. Throws ValidationFailed. */
@Injectable()
export class DraftUser {
  constructor(
    private readonly passwords: Passwords,
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  async execute(input: UserDraftInput): Promise<NewUser> {
    const { email, username = null, firstName = null, lastName = null, password } = input;
    const own = ownWords({ email, username, firstName, lastName });
    const context = { words: input.context ?? [], own, former: [] };
    const passwordHash = await this.passwords.hashNew(password, 'password', context);
    const now = this.clock.now();
    return {
      id: userId(this.random.uuid(now)),
      email,
      username,
      firstName,
      lastName,
      emailVerified: input.emailVerified ?? false,
      systemAdministrator: input.systemAdministrator ?? false,
      passwordHash,
      passwordChangeRequired: input.passwordChangeRequired ?? false,
      securityStamp: this.random.uuid(now),
    };
  }

  /** Somebody who has no password. */
  federated({ email, emailVerified, firstName, lastName }: FederatedDraftInput): NewUser {
    const now = this.clock.now();
    return {
      id: userId(this.random.uuid(now)),
      email,
      username: null,
      firstName: nameFrom(firstName),
      lastName: nameFrom(lastName),
      emailVerified,
      systemAdministrator: false,
      passwordHash: null,
      passwordChangeRequired: false,
      securityStamp: this.random.uuid(now),
    };
  }
}
