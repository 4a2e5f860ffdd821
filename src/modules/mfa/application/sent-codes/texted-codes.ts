import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { SendAllowance } from '../../../../platform/limits/send-allowance';
import { TextMessages } from '../../../../platform/sms/text-messages';
import { TenantRules } from '../../../identity/tenant-rules.facade';
import type { Factor } from '../../domain/factor';
import { type CarriedCode, CodeCarrier } from './code-carrier';

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

  allows(number: string, tenant: TenantId | null): Promise<boolean> {
    return this.allowance.take({ kind: 'second-factor-code', address: number, tenant });
  }

  async carry({ userId, to, code, createdAt, expiresAt }: CarriedCode): Promise<void> {
    const { brand } = await this.rules.of(userId);
    const minutes = Math.max(1, Math.floor((expiresAt.getTime() - createdAt.getTime()) / MINUTE_MS));
    const facts = { code, minutes, brand: brand?.name ?? null };
    await this.texts.enqueue({ to, template: 'code', facts, uselessAfter: expiresAt });
  }
}
