import { ResponseBodyError } from 'openid-client';
import { DomainError } from '../../../../kernel/domain-error';
import { codeOf } from '../../../../platform/outbox/delivery-failure';
import { ProviderAnswerRefused, ProviderUnavailable } from '../../domain/errors';
import { isLost } from '../provider-calls';

/** Not the answer of an issuer at all: another status, no JSON, endpoints that are no addresses. */
const NO_ANSWER = new Set([
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_MISSING_SERVER_METADATA',
  'OAUTH_INVALID_SERVER_METADATA',
  'OAUTH_HTTP_REQUEST_FORBIDDEN',
  'OAUTH_REQUEST_PROTOCOL_FORBIDDEN',
  'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
]);

/** RFC 6749, 5.2. */
const ERROR = /^[a-z_]{1,40}$/;

/** For what is asked before anybody has answered. Of errors of the package nothing is kept but a code: they carry answers along. */
export function unavailableBy(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const lost = [error, causeOf(error)].find(isLost);
  return new ProviderUnavailable(lost?.reason ?? codeOf(error));
}

/**
 * For an answer. Either way nobody gets in: what did not come may be asked for again, and all that came and is otherwise
 * than it must be is not believed, which is `reason`.
 */
export function refusalOf(error: unknown, reason: string): DomainError {
  if (error instanceof DomainError || [error, causeOf(error)].some(isLost)) return unavailableBy(error);
  if (error instanceof ResponseBodyError && error.error === 'invalid_grant') {
    return new ProviderAnswerRefused('code_refused');
  }
  // Else it is our client, or the issuer itself, that something is wrong with.
  if (error instanceof ResponseBodyError) return new ProviderUnavailable(ERROR.exec(error.error)?.[0] ?? error.code);
  return NO_ANSWER.has(codeOf(error)) ? unavailableBy(error) : new ProviderAnswerRefused(reason);
}

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);
