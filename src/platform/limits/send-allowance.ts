import { Injectable } from '@nestjs/common';
import { DependencyUnavailable } from '../../kernel/domain-error';
import { type LimitName, LimitSettings } from '../config/settings';
import { OneTimeSecrets } from '../crypto/one-time-secrets';
import { type Bucket, BucketsUnavailable, TokenBuckets } from './token-buckets';

/** A message somebody asks for, to be sent to an address they may not own. */
export type Sending = {
  /** The kind of message: what one of them uses up is not missing for another. */
  readonly kind: string;
  readonly address: string;
  /** The tenant that has it sent; null: none. */
  readonly tenant: string | null;
};

/**
 * How many messages one mailbox gets because somebody asked for them (LG-10). Who is over it is not told: the answer is the
 * same, and nothing is sent.
 */
@Injectable()
export class SendAllowance {
  constructor(
    private readonly buckets: TokenBuckets,
    private readonly secrets: OneTimeSecrets,
    private readonly limits: LimitSettings,
  ) {}

  /** Whether one more may be sent; uses one up. Not within a unit of work. Throws DependencyUnavailable. */
  async take({ kind, address, tenant }: Sending): Promise<boolean> {
    if (!this.limits.enabled) return true;
    const target = `${kind}:${this.secrets.keyOf(address).toString('base64url')}`;
    const buckets = [this.bucket('mail', target), this.bucket('mail_day', target)];
    if (tenant !== null) buckets.push(this.bucket('mail_tenant', tenant));
    try {
      return (await this.buckets.take(buckets)).kind === 'taken';
    } catch (error) {
      if (error instanceof BucketsUnavailable) throw new DependencyUnavailable({ cause: error });
      throw error;
    }
  }

  private bucket(name: LimitName, subject: string): Bucket {
    return { key: `${name}:${subject}`, rate: this.limits.rates[name] };
  }
}
