import { Injectable } from '@nestjs/common';
import { SendAllowance } from '../../../../platform/limits/send-allowance';
import { phoneNumberOf } from '../../../../platform/sms/phone-number';
import { TextMessages } from '../../../../platform/sms/text-messages';
import { TenantRules } from '../../../identity/tenant-rules.facade';
import type { Factor } from '../../domain/factor';
import { type Asker, type CarriedCode, CodeCarrier, occasionOf } from './code-carrier';

const MINUTE_MS = 60_000;

/** Codes by text message, to the number of the factor. */
@Injectable()
export class TextedCodes extends CodeCarrier {
  readonly method = 'sms';

  constructor(
    private readonly texts: TextMessages,
    private readonly rules: TenantRules,
    private readonly allowance: SendAllowance,
  ) {
    super();
  }

  targetOf(factor: Factor): Promise<string | null> {
    const { secret } = factor.snapshot();
    return Promise.resolve(secret && Buffer.from(secret).toString());
  }

  allows(target: string | null, asker: Asker): Promise<boolean> {
    const number = target === null ? null : phoneNumberOf(target);
    const occasion = occasionOf(asker);
    return this.allowance.take(number ? { ...occasion, number } : { ...occasion, address: asker.userId });
  }

  async carry({ userId, tenantId, to, code, createdAt, expiresAt }: CarriedCode): Promise<void> {
    const { brand } = await this.rules.of(userId);
    const minutes = Math.max(1, Math.floor((expiresAt.getTime() - createdAt.getTime()) / MINUTE_MS));
    const facts = { code, minutes, brand: brand?.name ?? null };
    await this.texts.enqueue({ to, template: 'code', facts, tenant: tenantId, uselessAfter: expiresAt });
  }
}
