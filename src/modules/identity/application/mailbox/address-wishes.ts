import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { SendAllowance } from '../../../../platform/limits/send-allowance';
import { TenantRules } from '../../tenant-rules.facade';
import { isTakenIn } from './taken-in';

/** Whether somebody may have another address, before anything is done about it. */
@Injectable()
export class AddressWishes {
  constructor(
    private readonly allowance: SendAllowance,
    private readonly rules: TenantRules,
  ) {}

  /** Whether all tenants of the user would take in a member with that address. */
  async isTakenIn(user: UserId, newEmail: string): Promise<boolean> {
    return isTakenIn(await this.rules.of(user), newEmail);
  }

  /**
   * Whether the mails may be sent; uses one up. Two mailboxes are written to; the owner's must not be buried, whichever
   * addresses are named. Not within a unit of work. Throws DependencyUnavailable.
   */
  async mayMail({ userId, tenantId }: Principal, newEmail: string): Promise<boolean> {
    const toOwner = await this.allowance.take({ kind: 'email-change-requested', address: userId, tenant: null });
    return toOwner && this.allowance.take({ kind: 'email-change', address: newEmail, tenant: tenantId });
  }
}
