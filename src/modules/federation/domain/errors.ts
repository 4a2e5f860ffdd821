import { DomainError } from '../../../kernel/domain-error';

/** What came back is the answer to nothing that was begun in this browser, or to nothing at all, or it came before. */
export class OauthStateInvalid extends DomainError {
  readonly code = 'OAUTH_STATE_INVALID';
}

/** The provider did not answer in time, or not as one does. `cause` is for the log. */
export class ProviderUnavailable extends DomainError {
  readonly code = 'DEPENDENCY_UNAVAILABLE';
}

/** The provider's answer proves nothing; `reason` is a word for the record. */
export class ProviderAnswerRefused extends DomainError {
  readonly code = 'INVALID_CREDENTIALS';

  constructor(readonly reason: string) {
    super();
  }
}
