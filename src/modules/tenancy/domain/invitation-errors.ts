import { DomainError } from '../../../kernel/domain-error';

/** A role is given that could do what whoever gives it may not. */
export class RoleBeyondOwnPermissions extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
}

/** The address is that of a member. */
export class AlreadyMember extends DomainError {
  readonly code = 'CONFLICT';
}
