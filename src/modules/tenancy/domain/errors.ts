import { DomainError } from '../../../kernel/domain-error';

/** Part of a tenant's policy is not for the tenant to decide. */
export class BeyondTenantPolicy extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
  override readonly detail = 'The address that mails come from is set by system administrators.';
}
