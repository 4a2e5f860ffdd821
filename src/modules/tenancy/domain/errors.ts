import { DomainError, ValidationFailed } from '../../../kernel/domain-error';

/** Part of a tenant's policy is not for the tenant to decide. */
export class BeyondTenantPolicy extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
  override readonly detail =
    'The address that mails come from, and who joins on their own, are for system administrators to say.';
}

/** Somebody who is signed in is not where the tenant may be used from. Whoever is not yet learns nothing of it. */
export class OutsideNetworks extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
  override readonly detail = 'The tenant allows certain networks alone, and your address is in none of them.';
}

/** The address is of a domain whose users the tenant does not take in. */
export class EmailDomainNotAllowed extends ValidationFailed {
  constructor() {
    const message = 'The tenant takes in addresses of certain domains alone, and this is of another.';
    super([{ field: 'email', code: 'EMAIL_DOMAIN_NOT_ALLOWED', message }]);
  }
}
