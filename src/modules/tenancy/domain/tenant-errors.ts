import { DomainError } from '../../../kernel/domain-error';
import type { TenantStatus } from './tenant';

/** Another tenant has it, or had it and can still be had back. */
export class SlugTaken extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'Another tenant has this slug.';
}

/** What only system administrators decide about tenants. */
export class NeedsSystemAdministrator extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
  override readonly detail = 'Only system administrators do this.';
}

/** Only an owner gives a tenant away. */
export class NeedsOwner extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
  override readonly detail = 'Only an owner of the tenant does this.';
}

/** The caller had the right when the call came, and has it no more. */
export class NoLongerPermitted extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
}

/** A deleted tenant is not suspended or changed, and one whose grace is over does not come back. */
export class TenantContradicted extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail: string;

  constructor(status: TenantStatus) {
    super();
    this.detail = `The tenant is ${status}.`;
  }
}

/** A personal tenant is a part of its user's account. */
export class PersonalTenantStays extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'A personal tenant ends with the account of its user: DELETE /users/me.';
}
