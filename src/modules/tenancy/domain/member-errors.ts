import { DomainError } from '../../../kernel/domain-error';
import type { MemberStatus } from './member-status';

/** Without that member the tenant would have no owner in force. */
export class LastOwner extends DomainError {
  readonly code = 'LAST_OWNER';
}

/** Somebody was to be acted on, or given a role, who may do more than the actor. */
export class AboveOwnRights extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
  override readonly detail = 'Nobody acts on, or makes, a user who may do more than they may themselves.';
}

/** Whoever acts was removed, locked or disabled since they called. */
export class NoLongerMember extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
  override readonly detail = 'Only a member of the tenant who is active may do this.';
}

/** What nobody may do to themselves: it would take the ground from under the session it is done in. */
export class ActingOnOneself extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'This cannot be done to oneself. Ask another administrator.';
}

/** A member who is locked is not enabled, and one who is disabled neither locked nor unlocked. */
export class StatusContradicted extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail: string;

  constructor(status: MemberStatus) {
    super();
    this.detail = `The user is ${status} in this tenant.`;
  }
}

/** Second factors protect the account in all its tenants: no tenant takes them away from the others. */
export class FactorsOfTheirOwn extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'The user belongs to other tenants too. Ask a system administrator.';
}

/** Names belong to the person: no tenant changes them for the others. */
export class ProfileOfTheirOwn extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'The user belongs to other tenants too, and so keeps their own profile.';
}
