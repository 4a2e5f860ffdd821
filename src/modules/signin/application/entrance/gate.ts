import { Injectable } from '@nestjs/common';
import { type UserId, userId } from '../../../../kernel/ids';
import { isWithin } from '../../../../platform/network/networks';
import { FederatedUsersFacade } from '../../../identity/federated-users.facade';
import { IdentityFacade, type NewUser, type PasswordProof } from '../../../identity/identity.facade';
import { type Method, MfaFacade } from '../../../mfa/mfa.facade';
import { TrustedDevicesFacade } from '../../../mfa/trusted-devices.facade';
import { type MembershipView, networksFor, TenancyFacade } from '../../../tenancy/tenancy.facade';
import type { ChallengeState } from '../../domain/challenge';
import { type AccountStanding, isRisky, type Issue, nextStep, type Standings } from '../../domain/next-step';

/** What a sign-in is for, and what speaks for and against it. */
export type Approach = {
  /** Id or slug of the tenant to be active; null: the user's oldest. */
  readonly tenant: string | null;
  readonly riskScore: number;
  /** What the device showed; null: nothing. */
  readonly deviceToken: string | null;
  /** Where it comes from; null: not known. */
  readonly ipAddress: string | null;
};

/** The second factor is asked for, and may be shown by these methods. */
export type Asked = {
  readonly kind: 'second_factor';
  readonly membership: MembershipView;
  readonly securityStamp: string;
  readonly methods: readonly Method[];
  readonly standings: Standings;
};

export type Passed = { readonly kind: 'issue'; readonly membership: MembershipView; readonly issue: Issue };

export type Passage = Asked | Passed | { readonly kind: 'refused'; readonly reason: string };

type Ask = () => Promise<AccountStanding>;
type Factors = Pick<Standings, 'factor' | 'deviceTrusted'> & { readonly methods: readonly Method[] };

const NOT_ADMITTED: AccountStanding = { kind: 'refused', reason: 'not_asked' };
const NOT_ASKED: Factors = { factor: 'none', deviceTrusted: false, methods: [] };

/**
 * Finds out all that decides about a sign-in, and has it decided. Within the caller's unit of work; membership and user are
 * held until that ends.
 */
@Injectable()
export class Gate {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly tenancy: TenancyFacade,
    private readonly mfa: MfaFacade,
    private readonly devices: TrustedDevicesFacade,
    private readonly federated: FederatedUsersFacade,
  ) {}

  /** For a password that was proven a moment ago. */
  ofProven(proof: PasswordProof, approach: Approach): Promise<Passage> {
    return this.decide(proof.userId, approach, () => this.identity.admit(proof));
  }

  /** For an account that this very unit of work has made: nothing can have happened to it since. */
  ofNew({ id, securityStamp }: Pick<NewUser, 'id' | 'securityStamp'>, approach: Approach): Promise<Passage> {
    return this.decide(id, approach, () => Promise.resolve({ kind: 'admitted', securityStamp }));
  }

  /** For a user for whom another issuer vouches: the same gate as a password's (MF-12). */
  ofFederated(user: UserId, approach: Approach): Promise<Passage> {
    return this.decide(user, approach, () => this.federated.admit(user, approach));
  }

  /** For a sign-in that waits for its second factor: everything is looked at again, where it comes from now among it. */
  async ofChallenge(challenge: ChallengeState, ipAddress: string | null): Promise<Passage> {
    const { userId: user, tenantId, securityStamp, riskScore } = challenge;
    const membership = await this.tenancy.membershipOf(user, tenantId);
    const outside = membership !== null && (await this.isOutside(membership, user, ipAddress));
    const account = await this.identity.resume(user, securityStamp);
    return passage(membership, outside, account, riskScore, { ...NOT_ASKED, factor: 'enrolled' });
  }

  /**
   * The same statements as `ofProven` for who is refused, for an account whose password was not proven: time must not
   * tell why.
   */
  async pretend(account: string, tenant: string | null): Promise<void> {
    await this.tenancy.membershipOf(userId(account), tenant);
    await this.lookAt(userId(account));
  }

  private async decide(user: UserId, approach: Approach, ask: Ask): Promise<Passage> {
    const membership = await this.tenancy.membershipOf(user, approach.tenant);
    const { riskScore, ipAddress } = approach;
    const isActive = membership?.tenant.status === 'active';
    const outside = isActive && (await this.isOutside(membership, user, ipAddress));
    // Of who is outside the account was looked at for that: one more look, and time would tell that the password is right.
    const account = outside ? NOT_ADMITTED : isActive ? await ask() : await this.lookAt(user);
    if (!membership || account.kind === 'refused') return passage(membership, outside, account, riskScore, NOT_ASKED);
    const { enrolled, methods } = await this.mfa.standingOf(user);
    const isSpared = enrolled && !isRisky(riskScore, membership.tenant.secondFactorAboveRisk);
    const holder = { userId: user, tenantId: membership.tenant.id, securityStamp: account.securityStamp };
    const deviceTrusted = isSpared && (await this.devices.recognise(holder, approach.deviceToken));
    const factor = enrolled ? 'enrolled' : 'none';
    return passage(membership, outside, account, riskScore, { factor, deviceTrusted, methods });
  }

  /** Whether they come from where the tenant may not be used. Looks at the account only where it depends on that. */
  private async isOutside({ tenant }: MembershipView, user: UserId, ipAddress: string | null): Promise<boolean> {
    if (isWithin(tenant.ipAllowlist, ipAddress)) return false;
    const account = await this.identity.users.find(user);
    return !isWithin(networksFor(tenant.ipAllowlist, account?.systemAdministrator === true), ipAddress);
  }

  /** As long as it takes to ask the account whether it may come in. */
  private async lookAt(user: UserId): Promise<AccountStanding> {
    await this.identity.users.find(user);
    return NOT_ADMITTED;
  }
}

/** What follows once the second factor that was asked for has been shown. */
export function whenShown({ membership, standings }: Asked): Passage {
  return decided(membership, { ...standings, factor: 'shown' }, []);
}

function passage(
  membership: MembershipView | null,
  outside: boolean,
  account: AccountStanding,
  riskScore: number,
  { methods, ...factors }: Factors,
): Passage {
  if (!membership) return { kind: 'refused', reason: 'tenant_not_a_member' };
  const { tenant } = membership;
  const risky = isRisky(riskScore, tenant.secondFactorAboveRisk);
  return decided(membership, { tenant: tenant.status, outside, account, risky, ...factors }, methods);
}

function decided(membership: MembershipView, standings: Standings, methods: readonly Method[]): Passage {
  const step = nextStep(standings);
  if (step.kind === 'refuse') return { kind: 'refused', reason: step.reason };
  if (step.kind === 'issue') return { kind: 'issue', membership, issue: step };
  return { kind: 'second_factor', membership, securityStamp: step.securityStamp, methods, standings };
}
