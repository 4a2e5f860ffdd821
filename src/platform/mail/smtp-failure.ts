import { types } from 'node:util';
import { codeOf, type DeliveryFailure, type FailureKind, isOfTheSystem } from '../outbox/delivery-failure';

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

/** Why a mail was not sent: 4xx about the letter defers it, 5xx refuses it. */
export function failureOf(error: unknown): DeliveryFailure {
  return { kind: kindOf(error), reason: reasonOf(error) };
}

function kindOf(error: unknown): FailureKind {
  if (!types.isNativeError(error)) return 'broken';
  if (isOfTheSystem(error) && !('inLetter' in error)) return 'unreachable';
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

/**
 * Why a mail was not sent, in codes alone (`EENVELOPE 550`): what mail servers say in words repeats the recipient, and
 * what libraries say may repeat the address of the server with its password.
 */
export function reasonOf(error: unknown): string {
  const name = codeOf(error);
  const code = types.isNativeError(error) ? (error as SmtpError).responseCode : undefined;
  return typeof code === 'number' ? `${name} ${code}` : name;
}
