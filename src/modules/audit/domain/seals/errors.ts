import { DomainError } from '../../../../kernel/domain-error';

/** The event was written a moment ago and is in no seal yet. */
export class NotSealedYet extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'The event is not sealed yet: ask again in a few seconds.';
}
