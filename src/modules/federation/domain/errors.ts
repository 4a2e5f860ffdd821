import { DomainError } from '../../../kernel/domain-error';

/** What came back is the answer to nothing that was begun in this browser, or to nothing at all, or it came before. */
export class OauthStateInvalid extends DomainError {
  readonly code = 'OAUTH_STATE_INVALID';
}

/** The provider did not answer in time, or not as one does. */
export class ProviderUnavailable extends DomainError {
  readonly code = 'DEPENDENCY_UNAVAILABLE';
  override readonly retryAfterSeconds = 5;

  /** @param why a word for the log: it repeats nothing a provider said in words of its own */
  constructor(readonly why = 'AWAY') {
    super();
  }
}

/** The provider's answer proves nothing. */
export class ProviderAnswerRefused extends DomainError {
  readonly code = 'INVALID_CREDENTIALS';

  /** @param reason a word for the record: `code_refused`, `token_not_believed`, `other_issuer`, `other_subject`, `no_subject` */
  constructor(readonly reason: string) {
    super();
  }
}

/** Somebody else linked it first; whoever looks again sees that. The unit of work is lost. */
export class LinkedMeanwhile extends DomainError {
  readonly code = 'CONFLICT';
}

/** The identity opens another account, or another identity of its issuer opens this one. */
export class IdentityNotFree extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail =
    'The identity opens another account, or another identity of the same provider opens this one.';
}

/** Nothing else opens the account: it has no password and no other identity. */
export class LastWayIn extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'Set a password first, or link another identity: nothing else opens the account.';
}

/** Nobody gets in by what a provider said. The reason is on record, and nowhere else. */
export class FederatedSignInRefused extends DomainError {
  readonly code = 'INVALID_CREDENTIALS';
}

/** The user did not want to, or the provider would not: it said so itself. */
export class ProviderDeclined extends DomainError {
  readonly code = 'INVALID_CREDENTIALS';
}
