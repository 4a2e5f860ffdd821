import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import {
  IdentityFacade,
  InvalidCredentials,
  type PasswordProof,
  type PasswordVerification,
} from '../../../identity/identity.facade';
import { LockoutFacade } from '../../../identity/lockout.facade';
import type { Invited } from '../../../tenancy/invitations.facade';
import type { ClientTraits } from '../../../tokens/tokens.facade';
import { InvitationRefused, JoinedOutside } from '../../domain/invitation-errors';
import type { Entry, SignInResult } from '../entrance/entrance';
import { InvitedEntrance, type InvitedProof } from './invited-entrance';
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
   * Tokens, or a challenge for whoever has a second factor: the invitation is accepted either way. Throws InvalidCredentials
   * when the password was not right, and the invitation is as it was; JoinedOutside when the tenant asks for a second factor
   * and there is none: it is accepted all the same. Throws InvitationRefused, QuotaExceeded, Overloaded.
   */
  async enter(invited: Invited, input: MemberInput): Promise<SignInResult> {
    const { password, client, deviceToken } = input;
    const origin = { ipAddress: client.ipAddress, deviceToken };
    const verification = await this.identity.verifyPassword(invited.email, password, origin);
    const decision = (now: Date): Promise<Outcome> => this.decide(invited, verification, input, now);
    const user = verification.kind === 'proven' ? verification.userId : null;
    const outcome = await this.lockouts.orAbandon(verification.attempt, () =>
      this.joining.orOnRecord(invited, user, () => this.work.run(decision)),
    );
    // Refused only after the commit, so that the attempt stays on record.
    if (outcome === 'invitation_refused') throw new InvitationRefused();
    if (outcome === 'not_proven') throw new InvalidCredentials();
    if (outcome.kind === 'refused') throw new JoinedOutside();
    return this.entrance.welcome(outcome);
  }

  private async decide(
    invited: Invited,
    verification: PasswordVerification,
    { client, deviceToken }: MemberInput,
    now: Date,
  ): Promise<Outcome> {
    const risk = await this.entrance.assess(verification, client, now);
    if (verification.kind === 'proven') return this.join(invited, verification, { client, deviceToken, risk }, now);
    await this.entrance.refuse(verification, verification.reason, invited, risk);
    await this.lockouts.settle(verification.attempt, verification.outcome);
    return 'not_proven';
  }

  private async join(invited: Invited, proof: PasswordProof, shown: InvitedProof, now: Date): Promise<Outcome> {
    const isTaken = await this.joining.take(invited, proof.userId, now);
    if (!isTaken || !(await this.identity.isStillProven(proof))) {
      if (isTaken) await this.entrance.refuse(proof, 'changed_meanwhile', invited, shown.risk);
      await this.lockouts.settle(proof.attempt, 'released');
      return isTaken ? 'not_proven' : 'invitation_refused';
    }
    await this.joining.execute(invited, proof.userId, now);
    const entry = await this.entrance.ofProven(proof, invited, shown);
    await this.lockouts.settle(proof.attempt, entry.kind === 'refused' ? 'released' : 'passed');
    return entry;
  }
}
