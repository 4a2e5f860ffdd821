import type { SignInInput, SignInResult } from '../../src/modules/signin/application/sign-in';
import type { SignUpInput } from '../../src/modules/signin/application/sign-up';
import { aClient } from './a-device';
import { PASSWORD } from './client';

/** A sign-in with the password of tests, to the user's oldest tenant. */
export function aSignIn(overrides: Partial<SignInInput> & Pick<SignInInput, 'login'>): SignInInput {
  return {
    password: PASSWORD,
    tenant: null,
    honeypot: false,
    client: aClient(),
    deviceToken: null,
    rememberDevice: false,
    ...overrides,
  };
}

/** A registration with the password of tests, for a personal tenant. */
export function aSignUp(overrides: Partial<SignUpInput> & Pick<SignUpInput, 'email'>): SignUpInput {
  return {
    password: PASSWORD,
    username: null,
    firstName: null,
    lastName: null,
    tenantName: null,
    honeypot: false,
    ipAddress: '203.0.113.7',
    ...overrides,
  };
}

export type LetIn = Extract<SignInResult, { readonly kind: 'signed_in' }>;

/** A sign-in that led to tokens at once; throws when a second factor is asked for. */
export function letIn(result: SignInResult): LetIn {
  if (result.kind !== 'signed_in') throw new Error('The sign-in asks for a second factor');
  return result;
}
