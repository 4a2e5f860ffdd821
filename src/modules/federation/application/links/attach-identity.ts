import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { FederationSettings } from '../../../../platform/config/settings';
import { Random } from '../../../../platform/crypto/random';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { LinkReason } from '../../federation.events';
import { FederationJournal } from '../federation-journal';
import type { Redeemed } from '../providers/identity-provider.port';
import { LinkedIdentities, type LinkedIdentity } from './linked-identities.port';

/** Keeps who somebody is elsewhere, and what the provider gave where that is to be kept. Joins the caller's unit of work. */
@Injectable()
export class AttachIdentity {
  constructor(
    private readonly identities: LinkedIdentities,
    private readonly journal: FederationJournal,
    private readonly random: Random,
    private readonly work: UnitOfWork,
    private readonly settings: FederationSettings,
  ) {}

  /** From now on the identity opens the account. Throws LinkedMeanwhile; the unit of work is lost then. */
  execute(
    userId: UserId,
    { provider, redeemed }: { readonly provider: string; readonly redeemed: Redeemed },
    reason: LinkReason,
  ): Promise<LinkedIdentity> {
    return this.work.run(async (now) => {
      const { issuer, subject, email } = redeemed.identity;
      const found = { userId, provider, issuer, subject, email };
      const linked = { id: this.random.uuid(now), ...found, linkedAt: now, lastLoginAt: null };
      const identity = { ...linked, madeAccount: reason === 'registered' };
      await this.identities.add(identity);
      await this.keepTokens(identity, redeemed);
      await this.journal.linked(provider, userId, reason);
      return identity;
    });
  }

  /** It answered for its user, who was not refused. */
  async noteLogin(identity: LinkedIdentity, redeemed: Redeemed): Promise<void> {
    await this.work.run(async (now) => {
      await this.identities.noteLogin(identity.id, redeemed.identity.email, now);
      await this.keepTokens(identity, redeemed);
    });
  }

  private async keepTokens({ id }: LinkedIdentity, { tokens }: Redeemed): Promise<void> {
    if (!this.settings.keepProviderTokens) return this.identities.dropTokens(id);
    // A provider that gives no other means that the one it gave goes on (RFC 6749, 6).
    const refreshToken = tokens.refreshToken ?? (await this.identities.tokensOf(id))?.refreshToken ?? null;
    await this.identities.keepTokens(id, { ...tokens, refreshToken });
  }
}
