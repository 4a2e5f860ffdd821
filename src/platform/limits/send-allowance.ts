import { Injectable } from '@nestjs/common';
import { DependencyUnavailable } from '../../kernel/domain-error';
import { type LimitName, LimitSettings } from '../config/settings';
import { OneTimeSecrets } from '../crypto/one-time-secrets';
import type { PhoneNumber } from '../sms/phone-number';
import { TenantMessages } from './tenant-messages';
import { type Bucket, BucketsUnavailable, TokenBuckets } from './token-buckets';

/** A mail somebody asks for, to be sent to an address they may not own. */
export type Sending = Occasion & { readonly address: string };

/** A text message somebody asks for, to be sent to a telephone they may not own. */
export type TextSending = Occasion & { readonly number: PhoneNumber };

type Occasion = {
  /** The kind of message: what one of them uses up is not missing for another. */
  readonly kind: string;
  /** The tenant that has it sent; null: none. */
  readonly tenant: string | null;
  /** The account that chooses where it goes: what is refused to it uses up nothing of others. Absent: it chose nothing. */
  readonly askedBy?: string;
};

/** Whether a message may be sent; the tenant's day is spent, or others were asked for too often. */
export type Allowance = 'taken' | 'quota_spent' | 'too_often';

/**
 * How many messages one mailbox or telephone gets because somebody asked for them (LG-10), and how many text messages one
 * country, for those cost money. Who is over it is not told: the answer is the same, and nothing is sent.
 */
@Injectable()
export class SendAllowance {
  constructor(
    private readonly buckets: TokenBuckets,
    private readonly secrets: OneTimeSecrets,
    private readonly limits: LimitSettings,
    private readonly messages: TenantMessages,
  ) {}

  /**
   * Whether one more may be sent; uses one up. What the tenant may have in a day counts too, whether or not rates are
   * limited. Not within a unit of work. Throws DependencyUnavailable.
   */
  async take(sending: Sending | TextSending): Promise<boolean> {
    return (await this.ask(sending)) === 'taken';
  }

  /** As `take`, for who may be told why not. */
  async ask(sending: Sending | TextSending): Promise<Allowance> {
    const { tenant } = sending;
    const kind = 'number' in sending ? 'sms' : 'mails';
    if (tenant !== null && !(await this.messages.reserve(tenant, kind))) return 'quota_spent';
    let isTaken = false;
    try {
      isTaken = !this.limits.enabled || (await this.takeBuckets(sending));
    } finally {
      if (!isTaken && tenant !== null) this.messages.giveBack(tenant, kind);
    }
    return isTaken ? 'taken' : 'too_often';
  }

  private async takeBuckets(sending: Sending | TextSending): Promise<boolean> {
    const buckets = 'number' in sending ? this.ofText(sending) : this.ofMail(sending);
    try {
      return (await this.buckets.take(buckets)).kind === 'taken';
    } catch (error) {
      if (error instanceof BucketsUnavailable) throw new DependencyUnavailable({ cause: error });
      throw error;
    }
  }

  private ofMail({ kind, address, tenant, askedBy }: Sending): Bucket[] {
    const target = this.targetOf(kind, address);
    const buckets = [this.bucket('mail', target), this.bucket('mail_day', target)];
    if (askedBy !== undefined) buckets.push(this.bucket('mail', askerOf(kind, askedBy)));
    if (tenant !== null) buckets.push(this.bucket('mail_tenant', tenant));
    return buckets;
  }

  private ofText({ kind, number: { e164, callingCode }, tenant, askedBy }: TextSending): Bucket[] {
    const target = this.targetOf(kind, e164);
    const buckets = [this.bucket('sms', target), this.bucket('sms_day', target)];
    if (askedBy !== undefined) buckets.push(this.bucket('sms', askerOf(kind, askedBy)));
    if (tenant !== null) buckets.push(this.bucket('sms_tenant', tenant));
    return [...buckets, this.bucket('sms_country', callingCode)];
  }

  private targetOf(kind: string, recipient: string): string {
    return `${kind}:${this.secrets.keyOf(recipient).toString('base64url')}`;
  }

  private bucket(name: LimitName, subject: string): Bucket {
    return { key: `${name}:${subject}`, rate: this.limits.rates[name] };
  }
}

/** No target is called that: what a target is called has no colon in it. */
function askerOf(kind: string, account: string): string {
  return `${kind}:by:${account}`;
}
