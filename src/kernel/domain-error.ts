/** Every code a client may meet. Stable, documented at /docs/errors, never renamed: clients switch on it. */
export type ErrorCode =
  | 'MALFORMED_REQUEST'
  | 'CREDENTIALS_AMBIGUOUS'
  | 'TOKEN_INVALID_OR_EXPIRED'
  | 'OAUTH_STATE_INVALID'
  | 'TOKEN_MISSING'
  | 'TOKEN_INVALID'
  | 'TOKEN_EXPIRED'
  | 'INVALID_CREDENTIALS'
  | 'MFA_REQUIRED'
  | 'MFA_CODE_INVALID'
  | 'API_KEY_INVALID'
  | 'REFRESH_TOKEN_INVALID'
  | 'INSUFFICIENT_PERMISSIONS'
  | 'STEP_UP_REQUIRED'
  | 'TENANT_SUSPENDED'
  | 'QUOTA_EXCEEDED'
  | 'CROSS_SITE_REQUEST'
  | 'MFA_ENROLMENT_REQUIRED'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'EMAIL_TAKEN'
  | 'USERNAME_TAKEN'
  | 'CONFLICT'
  | 'LAST_OWNER'
  | 'LAST_FACTOR_REQUIRED'
  | 'BODY_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'VALIDATION_FAILED'
  | 'RATE_LIMIT_EXCEEDED'
  | 'DEPENDENCY_UNAVAILABLE'
  | 'OVERLOADED'
  | 'HEADERS_TOO_LARGE'
  | 'REQUEST_TIMEOUT'
  | 'INTERNAL_ERROR';

/** A refusal the caller may act on. Everything else is a bug and stays an Error (500). */
export abstract class DomainError extends Error {
  abstract readonly code: ErrorCode;

  /** Safe to show to anyone; the edge has a text of its own for each code. The true reason goes to the audit log. */
  readonly detail?: string | undefined;

  /** When trying again makes sense, in whole seconds; for codes that are answered with 429 or 503, and for quotas of a day. */
  readonly retryAfterSeconds?: number | undefined;

  constructor(options?: ErrorOptions) {
    super(undefined, options);
    this.name = new.target.name;
  }
}

/** One thing that is wrong with one field of a request. `message` is written for people, `code` for programs. */
export type Violation = { readonly field: string; readonly code: string; readonly message: string };

/** The request is well-formed but its values are not acceptable. Carries every violation at once. */
export class ValidationFailed extends DomainError {
  readonly code = 'VALIDATION_FAILED';

  constructor(readonly violations: readonly Violation[]) {
    super();
  }
}

/** Absent, or another tenant's: the same answer. */
export class NotFound extends DomainError {
  readonly code = 'NOT_FOUND';
}

/** Two credentials came at once, and they do not name the same session. */
export class CredentialsAmbiguous extends DomainError {
  readonly code = 'CREDENTIALS_AMBIGUOUS';
}

/** More was asked in too short a time than one caller, account or tenant is answered. */
export class RateLimitExceeded extends DomainError {
  readonly code = 'RATE_LIMIT_EXCEEDED';

  constructor(override readonly retryAfterSeconds: number) {
    super();
  }
}

/** There is more work than this process can do in time; another one, or a moment later, may. */
export class Overloaded extends DomainError {
  readonly code = 'OVERLOADED';
  override readonly retryAfterSeconds = 1;
}

/** Something the answer depends on, other than the database, cannot be reached. */
export class DependencyUnavailable extends DomainError {
  readonly code = 'DEPENDENCY_UNAVAILABLE';
}
