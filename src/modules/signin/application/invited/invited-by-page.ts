import { Injectable } from '@nestjs/common';
import { sessionId } from '../../../../kernel/ids';
import { InvitationsFacade, type InvitationSight } from '../../../tenancy/invitations.facade';
import { SessionsFacade } from '../../../tokens/sessions.facade';
import { InvitationRefused, JoinedOutside } from '../../domain/invitation-errors';
import { AcceptInvitation, type AcceptanceInput } from './accept-invitation';

export type PageInput = Pick<AcceptanceInput, 'firstName' | 'lastName' | 'client' | 'deviceToken'> & {
  readonly password: string;
};

/** Accepts an invitation for somebody who has no client at hand, but a browser and the link. */
@Injectable()
export class InvitedByPage {
  constructor(
    private readonly invitations: InvitationsFacade,
    private readonly acceptance: AcceptInvitation,
    private readonly sessions: SessionsFacade,
  ) {}

  /** What the link invites to. Throws InvitationRefused. */
  async look(token: string): Promise<InvitationSight> {
    const sight = await this.invitations.peek(token);
    if (!sight) throw new InvitationRefused();
    return sight;
  }

  /**
   * The name of the tenant. Nobody would keep the session's tokens, so it ends; whether there was one, or a challenge that
   * nobody will pass, makes no difference here. Throws as AcceptInvitation does, but not JoinedOutside.
   */
  async accept(token: string, input: PageInput): Promise<string> {
    const { tenantName } = await this.look(token);
    const nobody = { by: null, disbelief: null };
    try {
      const result = await this.acceptance.execute({ ...input, ...nobody, proof: { kind: 'token', token } });
      if (result.kind === 'signed_in') await this.sessions.end(sessionId(result.tokens.sessionId));
    } catch (error) {
      if (!(error instanceof JoinedOutside)) throw error;
    }
    return tenantName;
  }
}
