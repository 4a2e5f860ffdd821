import { DomainError } from '../../../../kernel/domain-error';

/** A key was to be given more than its owner may do. */
export class BeyondOwnPermissions extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
  override readonly detail = 'A key may be given only what its owner may do.';
}
