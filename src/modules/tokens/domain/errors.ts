import { DomainError, type ErrorCode } from '../../../kernel/domain-error';

/** One error for every reason, so that the answer says nothing about why. */
export class InvalidRefreshToken extends DomainError {
  readonly code = 'REFRESH_TOKEN_INVALID';
}

/** Not one of ours, altered, of another kind; or ours, and its time is over. */
export class AccessTokenRefused extends DomainError {
  constructor(readonly code: 'TOKEN_INVALID' | 'TOKEN_EXPIRED') {
    super();
  }
}

/** The active tenant of the session would be one that is suspended. */
export class TenantSuspended extends DomainError {
  readonly code = 'TENANT_SUSPENDED';
}

/** An operator brings a key that was used with another algorithm before (RFC 8725, 3.1). */
export class KeyOfAnotherAlgorithm extends Error {
  constructor(algorithm: string) {
    super(`JWT_PRIVATE_KEY was used with ${algorithm} before, and a key is for one algorithm: bring another key`);
  }
}

/** The credential sent to sign out with is missing, no longer good, or of a kind that has no session. */
export class CredentialRefused extends DomainError {
  constructor(readonly code: ErrorCode) {
    super();
  }
}

/** The tenant lets no session go on for as long as this one has; it goes on where it is. */
export class SessionTooOld extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
  override readonly detail = 'This session is too old for that tenant. Sign in to it.';
}
