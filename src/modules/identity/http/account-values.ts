import { validateSync } from 'class-validator';
import { AccountFields, ProfileFields } from './users.dto';

/** Whether an address may be an account's, by the rules of the registration. For what does not come by a request of ours. */
export function isAccountEmail(email: string): boolean {
  return validateSync(Object.assign(new AccountFields(), { email })).length === 0;
}

/** Whether a first or last name may be an account's, likewise. */
export function isPersonalName(name: string): boolean {
  return validateSync(Object.assign(new ProfileFields(), { first_name: name })).length === 0;
}
