import { DomainError, type ErrorCode } from '../../../kernel/domain-error';

/** Used, expired, revoked, sent again, or never there: one error for all of it. */
export class InvitationRefused extends DomainError {
  readonly code = 'TOKEN_INVALID_OR_EXPIRED';
}

/** The invitation is accepted, and the sign-in that follows was refused: the tenant asks for a second factor, and there is none. */
export class JoinedOutside extends DomainError {
  readonly code = 'INVALID_CREDENTIALS';
}

/** Whoever is signed in is not whom the invitation is for, or came with a key. */
export class InvitationOfSomebodyElse extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
}

/** The invited address has an account, and nobody said to be its user. */
export class InvitedMustSignIn extends DomainError {
  constructor(readonly code: ErrorCode = 'TOKEN_MISSING') {
    super();
  }
}
