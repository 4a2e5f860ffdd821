import { Injectable } from '@nestjs/common';
import { type UserId, userId } from '../../../kernel/ids';
import { IdentityFacade, type PasswordProof } from '../../identity/identity.facade';
import { MailboxFacade } from '../../identity/mailbox.facade';
import { type MembershipView, TenancyFacade } from '../../tenancy/tenancy.facade';
import { type ClientTraits, type Granted, type TokenPair, TokensFacade } from '../../tokens/tokens.facade';
import { nextStep, standingOf } from '../domain/next-step';

export type Entry =
  | { readonly kind: 'granted'; readonly granted: Granted; readonly securityStamp: string }
  | { readonly kind: 'refused'; readonly reason: string };

export type EntryWish = {
  /** Id or slug of the tenant to be active; null: the user's oldest. */
  readonly tenant: string | null;
  readonly client: ClientTraits;
  readonly riskScore: number;
  readonly authenticationMethods: readonly string[];
};

/** From a proven password to a session, if the tenant and the account allow it. Within the caller's unit of work. */
@Injectable()
export class Entrance {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly tenancy: TenancyFacade,
    private readonly tokens: TokensFacade,
    private readonly mailboxes: MailboxFacade,
  ) {}

  async open(proof: PasswordProof, wish: EntryWish): Promise<Entry> {
    const membership = await this.tenancy.membershipOf(proof.userId, wish.tenant);
    const { status = null, secondFactorAboveRisk = null } = membership?.tenant ?? {};
    const standing = status === null ? 'not_a_member' : standingOf(status, wish.riskScore, secondFactorAboveRisk);
    // Only who gets in is on record as having signed in, so the account is asked last.
    const account = standing === 'active' ? await this.identity.admit(proof) : await this.lookAt(proof.userId);
    const step = nextStep(standing, account);
    if (step.kind === 'issue' && membership) {
      const { securityStamp } = step;
      return { kind: 'granted', granted: await this.start(proof, securityStamp, membership, wish), securityStamp };
    }
    return { kind: 'refused', reason: step.kind === 'refuse' ? step.reason : 'tenant_not_a_member' };
  }

  /** The same statements as `open`, for an account whose password was not proven: time must not tell why. */
  async pretend(account: string, { tenant }: Pick<EntryWish, 'tenant'>): Promise<void> {
    await this.tenancy.membershipOf(userId(account), tenant);
    await this.lookAt(userId(account));
  }

  /** As long as it takes to ask the account whether it may come in. */
  private async lookAt(user: UserId): Promise<{ readonly kind: 'refused'; readonly reason: string }> {
    await this.identity.users.find(user);
    return { kind: 'refused', reason: 'not_asked' };
  }

  /**
   * Whoever knows the password of an account, but has not proven its address, is mailed the way in once more. Not within a
   * unit of work. Throws DependencyUnavailable.
   */
  async showTheWay(user: UserId, { reason }: Extract<Entry, { readonly kind: 'refused' }>): Promise<void> {
    if (reason === 'unverified') await this.mailboxes.remindToVerify(user);
  }

  /** The tokens of whoever came in. Not within a unit of work. */
  issue(granted: Granted): Promise<TokenPair> {
    return this.tokens.issue(granted);
  }

  private start(
    { userId }: PasswordProof,
    securityStamp: string,
    membership: MembershipView,
    { client, authenticationMethods }: EntryWish,
  ): Promise<Granted> {
    const tenantId = membership.tenant.id;
    return this.tokens.startSession({
      userId,
      tenantId,
      securityStamp,
      grants: membership,
      authenticationMethods,
      client,
    });
  }
}
