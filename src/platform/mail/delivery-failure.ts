import { types } from 'node:util';

/**
 * Why a letter was not taken, by whom it concerns.
 *
 * - `unreachable`: the mail server was not reached, or would not hear us. Nothing is known against the letter.
 * - `interrupted`: the same once the letter had begun. Most likely it is the server; but the letter may be what it falls
 *   silent over, and it may even have been taken.
 * - `deferred`: the server would not take this letter now (4xx).
 * - `refused`: the server will not take this letter (5xx).
 * - `broken`: no letter could be made of the mail. The server was not asked.
 */
export type FailureKind = 'unreachable' | 'interrupted' | 'deferred' | 'refused' | 'broken';

export type DeliveryFailure = { readonly kind: FailureKind; readonly reason: string };

/** What the SMTP library says of a failure, and how far it had come. */
export type SmtpError = Error & {
  readonly code?: unknown;
  readonly responseCode?: unknown;
  readonly command?: unknown;
  /** Whether the server was already being told of the letter. */
  readonly inLetter?: boolean;
};

/** Of TLS it is about the way; but Postfix says it to a recipient it does not relay to, and only to that one. */
const NOT_AT_PRESENT = 454;
/** RFC 5321, 4954: the server closes, or wants to know first who is speaking. It would say so to any letter. */
const ABOUT_THE_WAY = new Set([421, NOT_AT_PRESENT, 530, 534, 535, 538]);
const ABOUT_THE_LETTER = new Set(['EENVELOPE', 'EMESSAGE', 'ESTREAM']);

export function failureOf(error: unknown): DeliveryFailure {
  return { kind: kindOf(error), reason: reasonOf(error) };
}

function kindOf(error: unknown): FailureKind {
  if (!types.isNativeError(error)) return 'broken';
  // A folder that cannot be written to takes no other letter either.
  if ('syscall' in error && !('inLetter' in error)) return 'unreachable';
  const { code, responseCode, command, inLetter } = error as SmtpError;
  if (inLetter === undefined) return 'broken';
  if (!inLetter) return 'unreachable';
  if (typeof responseCode !== 'number') return ABOUT_THE_LETTER.has(String(code)) ? 'refused' : 'interrupted';
  // The sender is mostly the same in every letter: what is wrong with it is wrong with the settings.
  const aboutTheLetter = ABOUT_THE_LETTER.has(String(code)) && command !== 'MAIL FROM';
  const aboutOneRecipient = command === 'RCPT TO' && responseCode === NOT_AT_PRESENT;
  if (!aboutTheLetter || (ABOUT_THE_WAY.has(responseCode) && !aboutOneRecipient)) return 'interrupted';
  return responseCode >= 500 ? 'refused' : 'deferred';
}

const CODE = /^[A-Z0-9_]{1,40}$/;

/**
 * Why a mail was not sent, in codes alone (`EENVELOPE 550`): what mail servers say in words repeats the recipient, and
 * what libraries say may repeat the address of the server with its password.
 */
export function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return 'unknown';
  const { code, responseCode } = error as SmtpError;
  const name = typeof code === 'string' && CODE.test(code) ? code : error.constructor.name.slice(0, 40);
  return typeof responseCode === 'number' ? `${name} ${responseCode}` : name;
}
