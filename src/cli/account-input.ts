import { InputPipe } from '../http/input.pipe';
import { ValidationFailed } from '../kernel/domain-error';
import { AccountFields } from '../modules/identity/identity.facade';
import { UsageError } from './command';

export type AccountWords = {
  readonly email: string;
  readonly username?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
};

/** Holds an account named at the command line to the very rules of HTTP. Throws UsageError. */
export function checkAccount({ email, username, firstName, lastName }: AccountWords): void {
  const fields = { email, username, first_name: firstName, last_name: lastName };
  try {
    new InputPipe().transform(fields, { type: 'body', metatype: AccountFields });
  } catch (error) {
    if (!(error instanceof ValidationFailed)) throw error;
    throw new UsageError(error.violations.map(({ field, message }) => `${field}: ${message}`).join('\n'));
  }
}
