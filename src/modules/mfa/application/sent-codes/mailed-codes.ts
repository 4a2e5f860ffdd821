import { Injectable } from '@nestjs/common';
import { SendAllowance } from '../../../../platform/limits/send-allowance';
import { IdentityFacade } from '../../../identity/identity.facade';
import { UserMailsFacade } from '../../../identity/user-mails.facade';
import type { CodeUse } from '../../domain/code-use';
import type { Factor } from '../../domain/factor';
import { type Asker, type CarriedCode, CodeCarrier, occasionOf } from './code-carrier';

/** As the mail has it. */
const PURPOSES = {
  challenge: 'sign-in',
  session: 'step-up',
  factor: 'set-up',
} as const satisfies Readonly<Record<CodeUse['kind'], string>>;

/** Codes by mail, to the address the account has. */
@Injectable()
export class MailedCodes extends CodeCarrier {
  readonly method = 'email';

  constructor(
    private readonly identity: IdentityFacade,
    private readonly mails: UserMailsFacade,
    private readonly allowance: SendAllowance,
  ) {
    super();
  }

  async targetOf(factor: Factor): Promise<string | null> {
    const user = await this.identity.users.find(factor.snapshot().userId);
    return user?.email ?? null;
  }

  allows(address: string | null, asker: Asker): Promise<boolean> {
    return this.allowance.take({ ...occasionOf(asker), address: address ?? asker.userId });
  }

  async carry({ userId, tenantId, to, code, purpose, expiresAt }: CarriedCode): Promise<void> {
    const facts = { code, until: expiresAt.toISOString(), purpose: PURPOSES[purpose] };
    await this.mails.send({ id: userId, email: to }, 'second-factor-code', facts, expiresAt, tenantId);
  }
}
