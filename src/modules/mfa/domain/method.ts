/** Kinds of second factor a user enrols. Backup codes stand in for them, and are none of their own. */
export const FACTOR_TYPES = ['totp', 'sms', 'email'] as const;
export type FactorType = (typeof FACTOR_TYPES)[number];

/** What a second factor may be shown by, in the order in which it is offered. */
export const METHODS = [...FACTOR_TYPES, 'backup_codes'] as const;
export type Method = (typeof METHODS)[number];

/** Factors whose code is sent. */
export type SentMethod = Extract<FactorType, 'sms' | 'email'>;

/** RFC 8176: what a proof by each method is called in `amr`, beside that it is one of several factors. */
const REFERENCES: Readonly<Record<Method, string>> = { totp: 'otp', sms: 'sms', email: 'otp', backup_codes: 'otp' };

/** The `amr` of a proof by that method. */
export function amrOf(method: Method): readonly string[] {
  return [REFERENCES[method], 'mfa'];
}
