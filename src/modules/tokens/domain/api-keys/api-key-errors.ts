import { DomainError } from '../../../../kernel/domain-error';

/** A key was to be given more than its owner may do. */
export class BeyondOwnPermissions extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
  override readonly detail = 'A key may be given only what its owner may do.';
}

/** Somebody else's key may do more than whoever wants to change it. */
export class KeyAboveOwnRights extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
  override readonly detail = 'This key may do more than you may.';
}

/** Whoever rotates a key gets one that acts for its owner. */
export class NotOwnKey extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
  override readonly detail = 'A key is rotated by the user it acts for.';
}

/** A key that is over, or that has a successor, has nothing to hand on. */
export class NotToBeRotated extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'The key has expired, or another has taken its place already.';
}
