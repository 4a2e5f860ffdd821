import { DomainError, type ErrorCode } from '../kernel/domain-error';

/** A refusal of the edge itself, before any use case was asked. */
export class Refusal extends DomainError {
  constructor(
    readonly code: ErrorCode,
    override readonly detail?: string | undefined,
  ) {
    super();
  }
}
