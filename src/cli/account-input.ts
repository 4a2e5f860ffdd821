import { AccountFields } from '../modules/identity/identity.facade';
import { inputOf } from './typed-input';

export type AccountWords = {
  readonly email: string;
  readonly username?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
};

/** Holds an account named at the command line to the very rules of HTTP. Throws UsageError. */
export function checkAccount({ email, username, firstName, lastName }: AccountWords): void {
  inputOf(AccountFields, { email, username, first_name: firstName, last_name: lastName });
}
