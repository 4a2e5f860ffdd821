import { applyDecorators, SetMetadata } from '@nestjs/common';
import { WithTraits } from './route-config';

export const HASHES_PASSWORDS = 'doorward:hashes-passwords';

/**
 * The route hashes a password, so only so many of its requests are worked on at once. `account` is the field of the body
 * that names whose password it is, where the caller is not signed in. To be documented with OVERLOADED.
 */
export function HashesPasswords(account: string | null = null): MethodDecorator {
  const rule: HashingRule = { account };
  return applyDecorators(SetMetadata(HASHES_PASSWORDS, rule), WithTraits({ hashesPasswords: true }));
}

export type HashingRule = { readonly account: string | null };
