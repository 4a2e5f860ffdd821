import { OutboundFailed, OutboundRefused } from '../network/outbound/outbound-client';
import { codeOf, type DeliveryFailure, type FailureKind, isOfTheSystem } from '../outbox/delivery-failure';

/** A provider did not take a message. Nothing of what it said in words is in here: that may repeat number and code. */
export class NotTaken extends Error implements DeliveryFailure {
  constructor(
    readonly kind: FailureKind,
    /** Codes alone: `HTTP 503`. */
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** Why a text message was not sent. */
export function smsFailureOf(error: unknown): DeliveryFailure {
  if (error instanceof NotTaken) return { kind: error.kind, reason: error.reason };
  return { kind: isOfTheSystem(error) ? 'unreachable' : 'broken', reason: codeOf(error) };
}

/** Who we are was not understood: it would be said to any message. */
const UNAUTHENTICATED = 401;
/** That this message cannot be sent, as far as HTTP says so (RFC 9110): bad request, too large, unprocessable. */
const ABOUT_THE_MESSAGE = new Set([400, 413, 422]);

/**
 * What an answer that is no 2xx means. Whatever is not clearly about the message is taken for a fault of server or
 * settings, a redirect included: then this message waits a moment longer than those behind it, for it may be the cause.
 */
export function refusalOf(status: number): NotTaken {
  const reason = `HTTP ${status}`;
  if (status === UNAUTHENTICATED) return new NotTaken('unreachable', reason);
  return new NotTaken(ABOUT_THE_MESSAGE.has(status) ? 'refused' : 'interrupted', reason);
}

/** These come before the first byte of the message has left. */
const BEFORE_THE_MESSAGE = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
const OF_TLS = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** What it means that an answer did not even begin. Where the service does not go, it goes with no other message either. */
export function lostRequest(error: unknown): NotTaken {
  if (error instanceof OutboundRefused) return new NotTaken('unreachable', error.reason);
  const reason = error instanceof OutboundFailed ? error.reason : codeOf(error);
  const hasNotBegun = BEFORE_THE_MESSAGE.has(reason) || OF_TLS.test(reason) || reason === 'UND_ERR_CONNECT_TIMEOUT';
  return new NotTaken(hasNotBegun ? 'unreachable' : 'interrupted', reason);
}
