import { Injectable } from '@nestjs/common';
import { type AccountInput, CreateAccount, type CreatedAccount } from './application/create-account';

export type { AccountInput, CreatedAccount };

/** What operators may ask of the sign-in flows. Plain data in, plain data out. */
@Injectable()
export class SigninFacade {
  constructor(private readonly accounts: CreateAccount) {}

  /** Makes an account. Throws ValidationFailed, EmailTaken, UsernameTaken, or NotFound for the tenant. */
  createAccount(input: AccountInput): Promise<CreatedAccount> {
    return this.accounts.execute(input);
  }

  /** Makes the first system administrator; null when there is one. */
  createFirstAdministrator(input: AccountInput): Promise<CreatedAccount | null> {
    return this.accounts.executeFirstAdministrator(input);
  }
}
