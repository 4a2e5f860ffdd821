import { DomainError } from '../../../kernel/domain-error';

/** One error for every reason a sign-in is refused, so that the answer says nothing about the account. */
export class InvalidCredentials extends DomainError {
  readonly code = 'INVALID_CREDENTIALS';
}

export class EmailTaken extends DomainError {
  readonly code = 'EMAIL_TAKEN';
}

export class UsernameTaken extends DomainError {
  readonly code = 'USERNAME_TAKEN';
}

/** A mailed link or code was used before, has expired, or never was: the same answer. */
export class LinkNotGood extends DomainError {
  readonly code = 'TOKEN_INVALID_OR_EXPIRED';
}
