import { DomainError } from '../../../kernel/domain-error';

/** The code is wrong, was used before, has expired, or is of a factor the user does not have. */
export class InvalidFactorCode extends DomainError {
  readonly code = 'MFA_CODE_INVALID';
}
