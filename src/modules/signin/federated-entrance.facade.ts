import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../kernel/ids';
import { UnitOfWork } from '../../platform/database/unit-of-work';
import { FederatedUsersFacade } from '../identity/federated-users.facade';
import type { ClientTraits } from '../tokens/tokens.facade';
import { AssessRisk } from './application/assess-risk';
import { Entrance, type Entry, type EntryWish, type SignInResult } from './application/entrance/entrance';
import { SigninJournal } from './application/signin-journal';

/** How a sign-in is answered, whichever way it began. */
export { MfaChallengeResponse } from './http/challenge.dto';
export { AnswersSignIn, responseOf, type SignInResponse } from './http/signed-in-or-challenged';
/** Where browsers show the second factor, and what they keep until then. */
export { SECOND_FACTOR_PATH, SecondFactorCookie, type WaitingSignIn } from './http/second-factor-cookie';
export type { Entry, SignInResult };

/** What somebody wishes for whom another issuer vouches. */
export type FederatedWish = {
  /** Id or slug of the tenant to be active; null: the user's oldest. */
  readonly tenant: string | null;
  readonly client: ClientTraits;
  /** What a device that has signed in before keeps; null: nothing. */
  readonly deviceToken: string | null;
};

/**
 * As one factor, whatever the other issuer was shown: how sure that was, it need not say, and whom it believes is not ours
 * to know. RFC 8176 has no word for it; this one others use too.
 */
const FEDERATED = ['fed'];

/**
 * Leads whoever another issuer vouches for into this service, by the same gate as a password (MF-12): account, tenant,
 * networks, wrong passwords of late, risk, second factor. On record as every sign-in.
 */
@Injectable()
export class FederatedEntrance {
  constructor(
    private readonly entrance: Entrance,
    private readonly risks: AssessRisk,
    private readonly journal: SigninJournal,
    private readonly users: FederatedUsersFacade,
    private readonly work: UnitOfWork,
  ) {}

  /** Also into an account that was made just now. Within the caller's unit of work, which is committed whatever comes of it. */
  enter(user: UserId, wish: FederatedWish): Promise<Entry> {
    const { client, deviceToken } = wish;
    return this.work.run(async (now) => {
      const device = await this.users.deviceOf(user, { ipAddress: client.ipAddress, deviceToken });
      return this.entrance.openFederated(user, await this.wish(user, wish, device, now));
    });
  }

  /** Puts on record that there is a new user, within the caller's unit of work. */
  registered(user: UserId, tenant: TenantId): Promise<void> {
    return this.journal.registered(user, tenant);
  }

  /** What whoever was not refused gets. Not within a unit of work. */
  welcome(entry: Exclude<Entry, { readonly kind: 'refused' }>): Promise<SignInResult> {
    return this.entrance.welcome(entry);
  }

  /** Mails the way in once more to whoever was refused for an address that is not proven. Not within a unit of work. */
  showTheWay(user: UserId, refusal: Extract<Entry, { readonly kind: 'refused' }>): void {
    this.entrance.showTheWay(user, refusal);
  }

  private async wish(
    account: UserId,
    { tenant, client, deviceToken: token }: FederatedWish,
    id: string | null,
    now: Date,
  ): Promise<EntryWish> {
    // Wrong passwords say nothing of who was signed in elsewhere; where they keep somebody out, the account says so.
    const risk = await this.risks.execute({ account, recentFailures: 0, deviceIsKnown: id !== null }, client, now);
    const device = { token, id, remember: false };
    return { tenant, client, risk, authenticationMethods: FEDERATED, device, byUsername: false };
  }
}
