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
