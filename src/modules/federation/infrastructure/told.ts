import { isAccountEmail, isPersonalName } from '../../identity/identity.facade';

/** OpenID Connect Core 1.0, 2: at most 255 ASCII characters. */
const SUBJECT = /^[\x20-\x7e]{1,255}$/;
const MOST_SECONDS = 10 * 365 * 86_400;

/** Whether it can be the name of somebody at a provider, and be told apart from every other. */
export function isSubject(said: unknown): said is string {
  return typeof said === 'string' && SUBJECT.test(said);
}

/** An address that an account may have here; null for anything else. */
export function emailTold(said: unknown): string | null {
  return typeof said === 'string' && isAccountEmail(said) ? said : null;
}

/** A name that an account may have here, without blanks around it; null for anything else. */
export function nameTold(said: unknown): string | null {
  const name = typeof said === 'string' ? said.trim() : '';
  return name !== '' && isPersonalName(name) ? name : null;
}

/** When tokens end that are good for so many seconds (RFC 6749, 5.1); null where that is not said, or is no such number. */
export function endOfTokens(now: Date, seconds: unknown): Date | null {
  const isSpan = typeof seconds === 'number' && seconds >= 0 && seconds <= MOST_SECONDS;
  return isSpan ? new Date(now.getTime() + seconds * 1000) : null;
}

export function textTold(said: unknown): string | null {
  return typeof said === 'string' && said !== '' ? said : null;
}
