import { DomainError } from '../../../../kernel/domain-error';
import type { Countable, Daily } from './tenant-limits';

const WORDS: Readonly<Record<Countable | Daily, string>> = {
  users: 'The tenant has as many users as it may.',
  api_keys: 'The tenant has as many API keys in force as it may.',
  roles: 'The tenant has as many roles of its own as it may.',
  requests: 'The tenant has had as many requests today as it may. The day ends at midnight UTC.',
  mails: 'The tenant has had as many mails sent today as it may. The day ends at midnight UTC.',
  sms: 'The tenant has had as many text messages sent today as it may. The day ends at midnight UTC.',
};

/** The tenant has, or had today, as much of something as operators allow it. */
export class QuotaExceeded extends DomainError {
  readonly code = 'QUOTA_EXCEEDED';
  override readonly detail: string;

  /** @param retryAfterSeconds when there is room again; undefined: when some of it is removed */
  constructor(
    what: Countable | Daily,
    override readonly retryAfterSeconds?: number,
  ) {
    super();
    this.detail = WORDS[what];
  }
}
