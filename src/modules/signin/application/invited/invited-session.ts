import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '../../../../kernel/domain-error';
import type { UserId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { Invited } from '../../../tenancy/invitations.facade';
import { SessionsFacade } from '../../../tokens/sessions.facade';
import { AccessTokenRefused, type ClientTraits, type TokenPair, TokensFacade } from '../../../tokens/tokens.facade';
import { InvitationOfSomebodyElse, InvitationRefused, InvitedMustSignIn } from '../../domain/invitation-errors';
import { JoinByInvitation } from './join-by-invitation';

export type SessionInput = {
  /** Whose credential came with the request; null: none that is good. */
  readonly by: Principal | null;
  /** Why a credential that came with the request was not believed. */
  readonly disbelief: ErrorCode | null;
  readonly client: ClientTraits;
};

/** Lets a user who is signed in accept an invitation, and goes on in that tenant in the same session. */
@Injectable()
export class InvitedSession {
  constructor(
    private readonly tokens: TokensFacade,
    private readonly sessions: SessionsFacade,
    private readonly joining: JoinByInvitation,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Throws InvitedMustSignIn when nobody is signed in, InvitationOfSomebodyElse unless it is `owner` whose session it
   * is, AccessTokenRefused when that is over, InvitationRefused, QuotaExceeded. The switch follows the commit: should
   * it be refused, the user is a member all the same.
   */
  async enter(invited: Invited, owner: UserId, { by, disbelief, client }: SessionInput): Promise<TokenPair> {
    if (!by) {
      await this.record(invited, null, 'not_signed_in');
      throw new InvitedMustSignIn(disbelief ?? 'TOKEN_MISSING');
    }
    if (by.userId !== owner || by.sessionId === null) {
      await this.record(invited, by.userId, 'somebody_else');
      throw new InvitationOfSomebodyElse();
    }
    if (!(await this.tokens.isInForce(by))) throw new AccessTokenRefused('TOKEN_INVALID');
    const joined = await this.joining.orOnRecord(invited, owner, () =>
      this.work.run(async (now) => {
        if (!(await this.joining.take(invited, owner, now))) return false;
        await this.joining.execute(invited, owner, now);
        return true;
      }),
    );
    if (!joined) throw new InvitationRefused();
    return this.sessions.switchTenant({ by, tenant: invited.tenantId, client });
  }

  private record(invited: Invited, user: UserId | null, reason: string): Promise<void> {
    return this.work.run(() => this.joining.refused(invited, user, reason));
  }
}
