import { Injectable } from '@nestjs/common';
import { ValidationFailed } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { phoneNumberOf } from '../../../../platform/sms/phone-number';
import { SetUpSentFactor } from './set-up-sent-factor';

const NO_NUMBER = 'Use a number in international form, such as +49 170 1234567.';

/** Begins to make a telephone a second factor of an account. */
@Injectable()
export class SetUpPhone {
  constructor(private readonly settingUp: SetUpSentFactor) {}

  /** As SetUpSentFactor. Throws ValidationFailed for what is no number. */
  async execute(by: Principal, typed: string): Promise<number> {
    const number = phoneNumberOf(typed);
    if (!number) throw new ValidationFailed([{ field: 'phone_number', code: 'FIELD_INVALID', message: NO_NUMBER }]);
    const { e164, masked } = number;
    return this.settingUp.execute(by, { type: 'sms', label: masked, secret: Buffer.from(e164), target: e164 });
  }
}
