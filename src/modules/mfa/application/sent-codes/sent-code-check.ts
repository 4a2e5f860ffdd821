import { Injectable } from '@nestjs/common';
import { OneTimeSecrets } from '../../../../platform/crypto/one-time-secrets';
import type { SentMethod } from '../../domain/method';
import { FactorCheck, type ShownCode } from '../factor-check';
import { SentCodes } from '../sent-codes.port';

const FORM = /^\d{6}$/;

/** A factor that is shown by a code that was sent: good once, for a while, and for what it was sent for alone (MF-05). */
@Injectable()
export abstract class SentCodeCheck extends FactorCheck {
  abstract override readonly method: SentMethod;

  constructor(
    private readonly codes: SentCodes,
    private readonly oneTime: OneTimeSecrets,
  ) {
    super();
  }

  fits(code: string): boolean {
    return FORM.test(code);
  }

  async redeem({ userId, use, code }: ShownCode, now: Date): Promise<boolean> {
    const sent = await this.codes.find(userId, this.method, use);
    if (!sent || now >= sent.expiresAt) return false;
    if (!this.oneTime.isCodeOf(sent.id, Buffer.from(sent.codeHash), code)) return false;
    return this.codes.spend(sent);
  }
}

@Injectable()
export class SmsCodeCheck extends SentCodeCheck {
  readonly method = 'sms';
}

@Injectable()
export class EmailCodeCheck extends SentCodeCheck {
  readonly method = 'email';
}
