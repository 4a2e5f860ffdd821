import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import type { UserView } from '../../../identity/identity.facade';
import { OWNER } from '../../domain/built-in-roles';
import { memberRemoved } from '../../member.events';
import { EndAccount } from './end-account';
import { ForgetNamesake } from './forget-namesake';
import { MemberInvitations } from './member-invitations';
import type { Member } from './members.port';

/** What the removal of a member means for the account. Within the caller's unit of work. */
@Injectable()
export class RemovedAccount {
  constructor(
    private readonly invitations: MemberInvitations,
    private readonly ending: EndAccount,
    private readonly namesake: ForgetNamesake,
  ) {}

  /** Before the tenant. */
  holdInvitations({ email }: UserView, now: Date): Promise<void> {
    return this.ending.holdInvitations(email, now);
  }

  /** The one into the caller's tenant. */
  revokeInvitation(by: Principal, { email }: UserView, now: Date): Promise<void> {
    return this.invitations.revoke(by, email, now);
  }

  hold({ id }: UserView): Promise<void> {
    return this.ending.hold(id);
  }

  /** While the tenant alone is held, with the membership. */
  async forgetNamesake({ tenantId, userId, roles }: Member): Promise<void> {
    if (roles.includes(OWNER)) await this.namesake.execute(tenantId, userId);
  }

  /** Of a member of no other tenant. Throws as `EndAccount` does. */
  async end(by: Principal, account: UserView): Promise<void> {
    await this.ending.execute(account, memberRemoved(by, account.id, 'account'));
  }
}
