import { Injectable } from '@nestjs/common';
import { LinkNotGood } from '../../domain/errors';
import type { MailedPurpose } from '../../domain/mailbox/mailed-secret';
import { RedeemSecret } from './redeem-secret';

/** What a page behind a link asks before it shows a button. Nothing is used up by that. */
@Injectable()
export class LookAtLink {
  constructor(private readonly redeeming: RedeemSecret) {}

  /** Throws LinkNotGood. */
  async mustBeGood(purpose: MailedPurpose, token: string): Promise<void> {
    if (!(await this.redeeming.find(purpose, { kind: 'token', token }))) throw new LinkNotGood();
  }
}
