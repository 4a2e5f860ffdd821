import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { IdentityFacade } from '../../../identity/identity.facade';
import { maskedAddress } from '../../domain/masked-address';
import { SetUpSentFactor } from './set-up-sent-factor';

/** Begins to make the mailbox of an account a second factor of it. */
@Injectable()
export class SetUpMailbox {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly settingUp: SetUpSentFactor,
  ) {}

  /** As SetUpSentFactor. Throws NotFound when there is no account. */
  async execute(by: Principal): Promise<number> {
    const user = await this.identity.users.find(by.userId);
    if (!user) throw new NotFound();
    const { email } = user;
    return this.settingUp.execute(by, { type: 'email', label: maskedAddress(email), secret: null, target: email });
  }
}
