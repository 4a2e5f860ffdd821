import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import {
  IdentityFacade,
  InvalidCredentials,
  type PasswordProof,
  type PasswordVerification,
} from '../../identity/identity.facade';
import { LockoutFacade } from '../../identity/lockout.facade';
import type { Invited } from '../../tenancy/invitations.facade';
import type { ClientTraits, TokenPair } from '../../tokens/tokens.facade';
import { InvitationRefused, JoinedOutside } from '../domain/invitation-errors';
import type { Risk } from '../domain/risk';
import type { Entry } from './entrance';
import { InvitedEntrance } from './invited-entrance';
import { JoinByInvitation } from './join-by-invitation';

export type MemberInput = {
  readonly password: string;
  readonly client: ClientTraits;
  readonly deviceToken: string | null;
};

type Outcome = Entry | 'not_proven' | 'invitation_refused';

/** Lets the user of an account there is accept an invitation by its password, which counts as it does at every sign-in. */
@Injectable()
export class InvitedMember {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly lockouts: LockoutFacade,
    private readonly joining: JoinByInvitation,
    private readonly entrance: InvitedEntrance,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Throws InvalidCredentials when the password was not right, and the invitation is as it was; JoinedOutside when the tenant
   * asks for more than a password: it is accepted all the same. Throws InvitationRefused, Overloaded.
   */
  async enter(invited: Invited, { password, client, deviceToken }: MemberInput): Promise<TokenPair> {
    const origin = { ipAddress: client.ipAddress, deviceToken };
    const verification = await this.identity.verifyPassword(invited.email, password, origin);
    const decision = (now: Date): Promise<Outcome> => this.decide(invited, verification, client, now);
    const outcome = await this.lockouts.orAbandon(verification.attempt, () => this.work.run(decision));
    // Refused only after the commit, so that the attempt stays on record.
    if (outcome === 'invitation_refused') throw new InvitationRefused();
    if (outcome === 'not_proven') throw new InvalidCredentials();
    if (outcome.kind === 'refused') throw new JoinedOutside();
    return this.entrance.issue(outcome);
  }

  private async decide(
    invited: Invited,
    verification: PasswordVerification,
    client: ClientTraits,
    now: Date,
  ): Promise<Outcome> {
    const risk = await this.entrance.assess(verification, client, now);
    if (verification.kind === 'proven') return this.join(invited, { proof: verification, client, risk }, now);
    await this.entrance.refuse(verification, verification.reason, invited, risk);
    await this.lockouts.settle(verification.attempt, verification.outcome);
    return 'not_proven';
  }

  private async join(
    invited: Invited,
    { proof, client, risk }: { readonly proof: PasswordProof; readonly client: ClientTraits; readonly risk: Risk },
    now: Date,
  ): Promise<Outcome> {
    const isTaken = await this.joining.take(invited, proof.userId, now);
    if (!isTaken || !(await this.identity.isStillProven(proof))) {
      if (isTaken) await this.entrance.refuse(proof, 'changed_meanwhile', invited, risk);
      await this.lockouts.settle(proof.attempt, 'released');
      return isTaken ? 'not_proven' : 'invitation_refused';
    }
    await this.joining.execute(invited, proof.userId, now);
    const entry = await this.entrance.ofProven(proof, invited, client, risk);
    await this.lockouts.settle(proof.attempt, entry.kind === 'granted' ? 'passed' : 'released');
    return entry;
  }
}
