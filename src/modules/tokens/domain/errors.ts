import { DomainError, type ErrorCode } from '../../../kernel/domain-error';

/** One error for every reason, so that the answer says nothing about why. */
export class InvalidRefreshToken extends DomainError {
  readonly code = 'REFRESH_TOKEN_INVALID';
}

/** The access token sent to sign out with is missing or no longer good. */
export class CredentialRefused extends DomainError {
  constructor(readonly code: ErrorCode) {
    super();
  }
}
