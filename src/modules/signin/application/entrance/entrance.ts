import { Injectable } from '@nestjs/common';
import { type UserId, userId } from '../../../kernel/ids';
import { Background } from '../../../platform/concurrency/background';
import { IdentityFacade, type NewUser, type PasswordProof } from '../../identity/identity.facade';
import { MailboxFacade } from '../../identity/mailbox.facade';
import { type MembershipView, TenancyFacade } from '../../tenancy/tenancy.facade';
import { type ClientTraits, type Granted, type TokenPair, TokensFacade } from '../../tokens/tokens.facade';
import { type AccountStanding, nextStep, standingOf, type TenantStanding } from '../domain/next-step';

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

type Goal = { readonly membership: MembershipView | null; readonly standing: TenantStanding };

/** From a proven password to a session, if the tenant and the account allow it. Within the caller's unit of work. */
@Injectable()
export class Entrance {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly tenancy: TenancyFacade,
    private readonly tokens: TokensFacade,
    private readonly mailboxes: MailboxFacade,
    private readonly background: Background,
  ) {}

  async open(proof: PasswordProof, wish: EntryWish): Promise<Entry> {
    const goal = await this.goalOf(proof.userId, wish);
    // Only who gets in is on record as having signed in, so the account is asked last.
    const account = goal.standing === 'active' ? await this.identity.admit(proof) : await this.lookAt(proof.userId);
    return this.enter(proof.userId, goal, account, wish);
  }

  /** As `open`, for an account that this very unit of work has made: nothing can have happened to it since. */
  async openNew({ id, securityStamp }: Pick<NewUser, 'id' | 'securityStamp'>, wish: EntryWish): Promise<Entry> {
    return this.enter(id, await this.goalOf(id, wish), { kind: 'admitted', securityStamp }, wish);
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
   * Whoever knows the password of an account, but has not proven its address, is mailed the way in once more. The answer does
   * not wait for that: its time would tell that the password is right.
   */
  showTheWay(user: UserId, { reason }: Extract<Entry, { readonly kind: 'refused' }>): void {
    if (reason === 'unverified') this.background.run('a reminder', () => this.mailboxes.remindToVerify(user));
  }

  /** The tokens of whoever came in. Not within a unit of work. */
  issue(granted: Granted): Promise<TokenPair> {
    return this.tokens.issue(granted);
  }

  private async goalOf(user: UserId, wish: EntryWish): Promise<Goal> {
    const membership = await this.tenancy.membershipOf(user, wish.tenant);
    const { status = null, secondFactorAboveRisk = null } = membership?.tenant ?? {};
    const standing = status === null ? 'not_a_member' : standingOf(status, wish.riskScore, secondFactorAboveRisk);
    return { membership, standing };
  }

  private async enter(
    userId: UserId,
    { membership, standing }: Goal,
    account: AccountStanding,
    { client, authenticationMethods }: EntryWish,
  ): Promise<Entry> {
    const step = nextStep(standing, account);
    if (step.kind === 'refuse' || !membership) {
      return { kind: 'refused', reason: step.kind === 'refuse' ? step.reason : 'tenant_not_a_member' };
    }
    const { securityStamp } = step;
    const opening = { userId, tenantId: membership.tenant.id, securityStamp, grants: membership, deviceTrusted: false };
    const granted = await this.tokens.startSession({ ...opening, authenticationMethods, client });
    return { kind: 'granted', granted, securityStamp };
  }
}
