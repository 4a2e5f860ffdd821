import { Injectable } from '@nestjs/common';
import type { NewUser, PasswordProof, PasswordVerification } from '../../identity/identity.facade';
import type { Invited } from '../../tenancy/invitations.facade';
import type { ClientTraits, TokenPair } from '../../tokens/tokens.facade';
import type { Risk } from '../domain/risk';
import { AssessRisk } from './assess-risk';
import { Entrance, type Entry, type EntryWish } from './entrance';
import { SigninJournal } from './signin-journal';

const PASSWORD = ['pwd'];

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
    const entry = await this.entrance.openNew(draft, wishOf(invited, client, risk));
    return this.recorded(entry, draft.id, client, risk);
  }

  /** For an account whose password was proven. */
  async ofProven(proof: PasswordProof, invited: Invited, client: ClientTraits, risk: Risk): Promise<Entry> {
    const entry = await this.entrance.open(proof, wishOf(invited, client, risk));
    return this.recorded(entry, proof.userId, client, risk);
  }

  assess(verification: PasswordVerification, client: ClientTraits, now: Date): Promise<Risk> {
    return this.journal.assess(verification, client, now);
  }

  /** Nobody gets in. The same statements as for who would: time must not tell why. */
  async refuse({ account, userId }: PasswordVerification, reason: string, invited: Invited, risk: Risk): Promise<void> {
    await this.entrance.pretend(account, { tenant: invited.tenantId });
    await this.journal.refused(userId, reason, risk);
  }

  /** The tokens of whoever came in. Not within a unit of work. */
  issue({ granted }: Extract<Entry, { readonly kind: 'granted' }>): Promise<TokenPair> {
    return this.entrance.issue(granted);
  }

  private async recorded(entry: Entry, user: NewUser['id'], client: ClientTraits, risk: Risk): Promise<Entry> {
    if (entry.kind === 'granted') await this.journal.signedIn(entry.granted, client, risk);
    else await this.journal.refused(user, entry.reason, risk);
    return entry;
  }
}

function wishOf({ tenantId }: Invited, client: ClientTraits, { score }: Risk): EntryWish {
  return { tenant: tenantId, client, riskScore: score, authenticationMethods: PASSWORD };
}
