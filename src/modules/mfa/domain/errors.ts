import { DomainError } from '../../../kernel/domain-error';

/** The code is not right, or not any more: one error for every reason. */
export class WrongFactorCode extends DomainError {
  readonly code = 'MFA_CODE_INVALID';
}

/** Nothing is being set up that a code could confirm, or it took too long. */
export class NothingToConfirm extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'Nothing is being set up that this could confirm. Begin anew with setup.';
}

/** A tenant of the user demands a second factor, and this one is the last. */
export class LastFactor extends DomainError {
  readonly code = 'LAST_FACTOR_REQUIRED';
}

/** The operator has switched this kind of factor off. */
export class MethodNotOffered extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'This kind of second factor is not offered here.';
}

/** Backup codes stand in for a second factor, and there is none. */
export class NoFactor extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'Backup codes stand in for a second factor. Set one up first.';
}
