import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { SessionId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { isWithin } from '../../../../platform/network/networks';
import { type MembershipView, OutsideNetworks, TenancyFacade } from '../../../tenancy/tenancy.facade';
import { AccessTokenRefused, TenantSuspended } from '../../domain/errors';
import type { ClientTraits } from './devices.port';
import { OpenSessions } from './open-sessions';
import { SwitchRecord } from './switch-record';
import { type Granted, type TokenPair, TokenPairs } from '../token-pairs';

export type SwitchInput = {
  readonly by: Principal;
  /** Id or slug. */
  readonly tenant: string;
  readonly client: ClientTraits;
};

/** Makes another of the user's tenants the active one of the session. Access tokens for the former run out by themselves. */
@Injectable()
export class SwitchTenant {
  constructor(
    private readonly tenancy: TenancyFacade,
    private readonly open: OpenSessions,
    private readonly pairs: TokenPairs,
    private readonly record: SwitchRecord,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Throws NotFound when there is no such tenant (any more) or the user is no member of it, TenantSuspended,
   * OutsideNetworks, and AccessTokenRefused when the session ended meanwhile, is too old for that tenant, or must not
   * be used on this device there.
   */
  async execute(input: SwitchInput): Promise<TokenPair> {
    const outcome = await this.work.run(async (now) => {
      const membership = await this.tenancy.membershipOf(input.by.userId, input.tenant);
      const standing = membership?.tenant.status ?? 'not_a_member';
      const { sessionId } = input.by;
      if (!membership || standing !== 'active' || sessionId === null) {
        await this.record.refused(input.by, standing);
        return standing;
      }
      return this.decide(input, sessionId, membership, now);
    });
    // Refused only after the commit, so that the attempt stays on record.
    if (outcome === 'not_a_member' || outcome === 'deleted') throw new NotFound();
    if (outcome === 'suspended') throw new TenantSuspended();
    if (outcome === 'outside') throw new OutsideNetworks();
    if (outcome === null || outcome === 'active') throw new AccessTokenRefused('TOKEN_INVALID');
    return this.pairs.issue(outcome);
  }

  private async decide(
    { by, client }: SwitchInput,
    id: SessionId,
    { tenant }: MembershipView,
    now: Date,
  ): Promise<Granted | 'outside' | null> {
    const session = await this.open.take(id);
    const worth = session && (await this.open.worthIn(tenant.id, session, now));
    if (!session || !worth) return null;
    if (!isWithin(worth.networks, client.ipAddress)) {
      await this.record.refused(by, 'outside_networks');
      return 'outside';
    }
    const policy = this.open.rotationPolicyOf(session, worth);
    const switched = session.switchTo(tenant.id, by.tenantId, this.open.fingerprintOf(client), policy, now);
    if (switched.kind === 'refused') {
      await this.record.refused(by, switched.reason);
      return null;
    }
    if (switched.kind === 'rotated') await this.open.save(session);
    await this.record.granted(session.snapshot(), by.tenantId, switched.onNewDevice);
    return { session: session.snapshot(), grants: worth, confined: worth.confined, at: now };
  }
}
