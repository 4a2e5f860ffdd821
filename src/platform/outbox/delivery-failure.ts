import { types } from 'node:util';

/**
 * Why a message was not taken, by whom it concerns.
 *
 * - `unreachable`: the server was not reached, or would not hear us. Nothing is known against the message.
 * - `interrupted`: the same once the message had begun. Most likely it is the server; but the message may be what it falls
 *   silent over, and it may even have been taken.
 * - `deferred`: the server would not take this message now.
 * - `refused`: the server will not take this message.
 * - `broken`: nothing to be sent could be made of it. The server was not asked.
 */
export type FailureKind = 'unreachable' | 'interrupted' | 'deferred' | 'refused' | 'broken';

/** `reason` is in codes alone: it is kept and logged, and must name neither recipients nor secrets. */
export type DeliveryFailure = { readonly kind: FailureKind; readonly reason: string };

const CODE = /^[A-Z0-9_]{1,40}$/;

/** What an error is called that may say anything in words: its code if it looks like one, else its class. */
export function codeOf(error: unknown): string {
  if (!types.isNativeError(error)) return 'unknown';
  const { code } = error as Error & { readonly code?: unknown };
  return typeof code === 'string' && CODE.test(code) ? code : error.constructor.name.slice(0, 40);
}

/** Whether the system refused something, as a folder that cannot be written to, which takes no other message either. */
export function isOfTheSystem(error: unknown): boolean {
  return types.isNativeError(error) && 'syscall' in error;
}
