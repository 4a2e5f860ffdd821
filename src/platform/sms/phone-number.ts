import parsePhoneNumber from 'libphonenumber-js';

/** A number that text messages can be sent to. */
export type PhoneNumber = {
  /** `+491701234578` (ITU-T E.164): what is kept, and what providers take. */
  readonly e164: string;
  /** `49`; several countries may share one. */
  readonly callingCode: string;
  /** `+49 ••• 78`: enough for its owner, and for nobody else. */
  readonly masked: string;
};

/** Blanks, hyphens and brackets are for the eye. */
const FOR_THE_EYE = /[ ()-]/g;
/** Whole numbers have at least seven digits: six standing alone are a code. */
const WHOLE = /^\+[1-9]\d{6,14}$/;
/** Whoever types more than this types no number. */
const LONGEST_TYPED = 40;

/**
 * The number somebody typed, or null. It begins with `+` and the calling code, for nothing is guessed from where its owner
 * may be. Its length must be one the country has; whether it is in use is not asked, for carriers open ranges before
 * anybody's tables know them.
 */
export function phoneNumberOf(typed: string): PhoneNumber | null {
  if (typed.length > LONGEST_TYPED) return null;
  const digits = typed.replace(FOR_THE_EYE, '');
  if (!WHOLE.test(digits)) return null;
  const parsed = parsePhoneNumber(digits);
  if (!parsed?.isPossible() || !WHOLE.test(parsed.number)) return null;
  const { number: e164, countryCallingCode: callingCode } = parsed;
  return { e164, callingCode, masked: `+${callingCode} ••• ${e164.slice(-2)}` };
}
