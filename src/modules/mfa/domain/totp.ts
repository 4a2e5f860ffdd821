/** RFC 4226, 4: 160 bits are what HMAC-SHA-1 makes full use of. */
export const SECRET_BYTES = 20;

/** What RFC 6238 leaves open, as every authenticator app takes it where it is told nothing else. */
export const PERIOD_SECONDS = 30;
export const DIGITS = 6;
export const ALGORITHM = 'SHA1';

const CODE = /^\d{6}$/;

/** Whether a text can be a code. */
export function isTotpCode(text: string): boolean {
  return CODE.test(text);
}

/** The time step an instant is in (RFC 6238, 4.2). */
export function stepAt(now: Date): number {
  return Math.floor(now.getTime() / (PERIOD_SECONDS * 1000));
}

/**
 * The step whose code was shown: the present one, or the one before, for a code takes its time to be typed (RFC 6238, 5.2).
 * None to come: whoever shows a code early has a clock that is wrong, or somebody else's. null: neither.
 */
export function acceptedStep(codeMatches: (step: number) => boolean, now: Date): number | null {
  const present = stepAt(now);
  return [present, present - 1].find((step) => codeMatches(step)) ?? null;
}

/** For whom a secret is, as an app shows it in its list. */
export type TotpLabel = { readonly issuer: string; readonly account: string };

/**
 * The address an app reads a secret from (Key URI format). A colon divides issuer and account there, an encoded one too, so
 * that there is none in a name.
 */
export function otpauthUrl({ issuer, account }: TotpLabel, secret: string): string {
  const [from, to] = [nameInUrl(issuer), nameInUrl(account)];
  const facts = `secret=${secret}&issuer=${from}&algorithm=${ALGORITHM}&digits=${DIGITS}&period=${PERIOD_SECONDS}`;
  return `otpauth://totp/${from}:${to}?${facts}`;
}

/** A blank is %20, for not every app takes a plus sign as one. */
function nameInUrl(name: string): string {
  return encodeURIComponent(name.replaceAll(/\s*:\s*/g, ' ').trim());
}

/** A secret as people type it: in groups of four. */
export function inGroups(secret: string): string {
  return (secret.match(/.{1,4}/g) ?? []).join(' ');
}
