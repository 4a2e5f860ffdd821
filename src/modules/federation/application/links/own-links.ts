import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { UserId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { FederationSettings } from '../../../../platform/config/settings';
import { EventLog } from '../../../../platform/events/event-log';
import { tokensRead } from '../../federation.events';
import type { ProviderTokens } from '../providers/identity-provider.port';
import { Providers } from '../providers/providers.port';
import { LinkedIdentities, type LinkedIdentity } from './linked-identities.port';
import { meantLinks } from './meant-links';

export type LinkView = LinkedIdentity & {
  /** For people; where the provider is no longer set up, what the settings called it. */
  readonly name: string;
};

/** What identities open the caller's account, and what their providers gave. */
@Injectable()
export class OwnLinks {
  constructor(
    private readonly identities: LinkedIdentities,
    private readonly providers: Providers,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
    private readonly settings: FederationSettings,
  ) {}

  /** The oldest first. */
  async list(user: UserId): Promise<readonly LinkView[]> {
    return (await this.identities.listOf(user)).map((identity) => this.viewOf(identity));
  }

  viewOf(identity: LinkedIdentity): LinkView {
    return { ...identity, name: this.providers.find(identity.provider)?.name ?? identity.provider };
  }

  /** On record. Throws NotFound: none are kept, or no more. */
  async tokens(by: Principal, provider: string): Promise<ProviderTokens> {
    if (!this.settings.keepProviderTokens) throw new NotFound();
    const tokens = await this.work.run(async () => {
      const [identity] = meantLinks(await this.identities.listOf(by.userId), provider, this.providers);
      const kept = identity ? await this.identities.tokensOf(identity.id) : null;
      if (kept) await this.events.append(tokensRead(by, provider));
      return kept;
    });
    if (!tokens) throw new NotFound();
    return tokens;
  }
}
