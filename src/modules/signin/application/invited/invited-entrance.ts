import { Injectable } from '@nestjs/common';
import type { NewUser, PasswordProof, PasswordVerification } from '../../../identity/identity.facade';
import type { Invited } from '../../../tenancy/invitations.facade';
import type { ClientTraits } from '../../../tokens/tokens.facade';
import type { Risk } from '../../domain/risk';
import { AssessRisk } from '../assess-risk';
import { Entrance, type Entry, type EntryWish, type SignInResult } from '../entrance/entrance';
import { SigninJournal } from '../signin-journal';

/** Where a password was proven, and how much speaks against that. */
export type InvitedProof = {
  readonly client: ClientTraits;
  readonly deviceToken: string | null;
  readonly risk: Risk;
};

const PASSWORD = ['pwd'];
const NO_DEVICE = { token: null, id: null, remember: false };

const wish = ({ tenantId }: Invited, risk: Risk): Omit<EntryWish, 'client' | 'device'> => ({
  tenant: tenantId,
  risk,
  authenticationMethods: PASSWORD,
  byUsername: false,
});

/**
 * Leads whoever has just joined by an invitation into that tenant, by the same rules as every sign-in: that they were
 * invited spares them nothing. Within the caller's unit of work.
 */
@Injectable()
export class InvitedEntrance {
  constructor(
    private readonly entrance: Entrance,
    private readonly risks: AssessRisk,
    private readonly journal: SigninJournal,
  ) {}

  /** For an account that this very unit of work has made. */
  async ofNew(draft: NewUser, invited: Invited, client: ClientTraits, now: Date): Promise<Entry> {
    const subject = { account: draft.id, recentFailures: 0, deviceIsKnown: false };
    const risk = await this.risks.execute(subject, client, now);
    await this.journal.registered(draft.id, invited.tenantId);
    return this.entrance.openNew(draft, { ...wish(invited, risk), client, device: NO_DEVICE });
  }

  /** For an account whose password was proven. */
  ofProven(proof: PasswordProof, invited: Invited, { client, deviceToken, risk }: InvitedProof): Promise<Entry> {
    const device = { token: deviceToken, id: proof.deviceId, remember: false };
    return this.entrance.open(proof, { ...wish(invited, risk), client, device });
  }

  assess(verification: PasswordVerification, client: ClientTraits, now: Date): Promise<Risk> {
    return this.journal.assess(verification, client, now);
  }

  /** Nobody gets in. The same statements as for who would: time must not tell why. */
  async refuse({ account, userId }: PasswordVerification, reason: string, invited: Invited, risk: Risk): Promise<void> {
    await this.entrance.pretend(account, { tenant: invited.tenantId });
    await this.journal.refused(userId, reason, risk);
  }

  /** What whoever was not refused gets. Not within a unit of work. */
  welcome(entry: Exclude<Entry, { readonly kind: 'refused' }>): Promise<SignInResult> {
    return this.entrance.welcome(entry);
  }
}
