import { Injectable } from '@nestjs/common';
import { OneTimeSecrets } from '../../../../platform/crypto/one-time-secrets';
import { Clock } from '../../../../platform/time/clock';
import { IdentityFacade } from '../../../identity/identity.facade';
import { senderName } from '../../domain/invitation-sender';
import { InvitationQueries } from './invitation-queries';

/** What whoever follows the link of an invitation is shown before they decide. */
export type InvitationSight = {
  readonly tenantName: string;
  readonly role: string;
  readonly inviterName: string;
  readonly email: string;
  /** Whether the address has an account, whose password is asked for then. */
  readonly hasAccount: boolean;
};

/** Shows an invitation without using it up. */
@Injectable()
export class PeekInvitation {
  constructor(
    private readonly queries: InvitationQueries,
    private readonly identity: IdentityFacade,
    private readonly secrets: OneTimeSecrets,
    private readonly clock: Clock,
  ) {}

  /** null when the token is that of no pending invitation. */
  async execute(token: string): Promise<InvitationSight | null> {
    const hash = this.secrets.hashOf(token);
    const found = hash && (await this.queries.preview(hash, this.clock.now()));
    if (!found) return null;
    const { tenantName, role, email } = found;
    const inviter = await this.identity.users.find(found.invitedBy);
    const account = await this.identity.users.findByReference(email);
    const inviterName = inviter ? senderName(inviter) : tenantName;
    return { tenantName, role, inviterName, email, hasAccount: account !== null };
  }
}
