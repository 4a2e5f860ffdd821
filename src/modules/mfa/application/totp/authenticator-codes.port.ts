/** What authenticator apps show (RFC 6238). */
export abstract class AuthenticatorCodes {
  /** Whether a code is that of a secret in one time step. Anything but six digits is that of none. */
  abstract matches(secret: Uint8Array, step: number, code: string): boolean;
}
