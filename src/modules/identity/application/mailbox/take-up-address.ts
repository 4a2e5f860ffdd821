import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { TenantRules } from '../../tenant-rules.facade';
import { ChangeAddress } from './change-address';
import { isTakenIn } from './taken-in';

export type TakingUp = 'changed' | 'link_not_good' | 'email_domain_not_allowed';

/**
 * Gives an account the address that it asked for, if its tenants still take in members with it: one may have decided
 * otherwise, or have become a tenant of the user, since. Joins the caller's unit of work, which holds the user.
 */
@Injectable()
export class TakeUpAddress {
  constructor(
    private readonly addresses: ChangeAddress,
    private readonly rules: TenantRules,
  ) {}

  /** Throws EmailTaken; the unit of work is lost then. */
  async execute(id: UserId, address: string): Promise<TakingUp> {
    if (!isTakenIn(await this.rules.of(id), address)) return 'email_domain_not_allowed';
    return (await this.addresses.execute(id, address)) ? 'changed' : 'link_not_good';
  }
}
