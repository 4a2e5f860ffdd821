import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { IdentityFacade } from '../../../identity/identity.facade';
import type { MailboxProof } from '../../../identity/mailbox.facade';
import { InvitationsFacade } from '../../../tenancy/invitations.facade';
import type { ClientTraits } from '../../../tokens/tokens.facade';
import { InvitationRefused } from '../../domain/invitation-errors';
import type { SignInResult } from '../entrance/entrance';
import { InvitedMember } from './invited-member';
import { InvitedNewcomer } from './invited-newcomer';
import { InvitedSession } from './invited-session';

export type AcceptanceInput = {
  readonly proof: MailboxProof;
  /** Of the account there is, or of the one that is made; null: none was sent. */
  readonly password: string | null;
  /** For an account that is made. */
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** Whose credential came with the request; null: none that is good. */
  readonly by: Principal | null;
  /** Why a credential that came with the request was not believed. */
  readonly disbelief: ErrorCode | null;
  readonly client: ClientTraits;
  readonly deviceToken: string | null;
};

/**
 * Accepts an invitation, which proves the mailbox. Who has no account gets one; who has one must say who they are, by its
 * password or by a session: a mailbox alone opens no account.
 */
@Injectable()
export class AcceptInvitation {
  constructor(
    private readonly invitations: InvitationsFacade,
    private readonly identity: IdentityFacade,
    private readonly newcomers: InvitedNewcomer,
    private readonly members: InvitedMember,
    private readonly sessions: InvitedSession,
  ) {}

  /**
   * Tokens for the tenant that invited, or a challenge for whoever has a second factor. Throws InvitationRefused;
   * QuotaExceeded; ValidationFailed for a password that is missing or may not become one; InvalidCredentials,
   * JoinedOutside, InvitedMustSignIn and InvitationOfSomebodyElse where there is an account; EmailTaken when somebody
   * registered with the address meanwhile; AccessTokenRefused when the session ended; Overloaded.
   */
  async execute(input: AcceptanceInput): Promise<SignInResult> {
    const { password, by, disbelief, client } = input;
    const invited = await this.invitations.present(input.proof);
    if (!invited) throw new InvitationRefused();
    const account = await this.identity.users.findByReference(invited.email);
    if (!account) return this.newcomers.enter(invited, input);
    if (password !== null) return this.members.enter(invited, { ...input, password });
    const tokens = await this.sessions.enter(invited, account.id, { by, disbelief, client });
    return { kind: 'signed_in', tokens, deviceToken: null };
  }
}
