import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { FederatedUsersFacade } from '../../../identity/federated-users.facade';
import { LastWayIn } from '../../domain/errors';
import { identityKept, identityUnlinked } from '../../federation.events';
import { Providers } from '../providers/providers.port';
import { LinkedIdentities, type LinkedIdentity } from './linked-identities.port';
import { meantLinks } from './meant-links';

/** Takes an identity from the caller's account. */
@Injectable()
export class UnlinkIdentity {
  constructor(
    private readonly identities: LinkedIdentities,
    private readonly users: FederatedUsersFacade,
    private readonly providers: Providers,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws NotFound: none of that provider is linked; LastWayIn: nothing else opens the account. */
  async execute(by: Principal, provider: string): Promise<void> {
    const outcome = await this.work.run(() => this.decide(by, provider));
    if (outcome === 'none') throw new NotFound();
    if (outcome === 'last') throw new LastWayIn();
  }

  /** The account is held, so that of two that go at once the second sees that the first is gone. */
  private async decide(by: Principal, provider: string): Promise<'none' | 'last' | 'unlinked'> {
    const hasPassword = await this.users.hasPassword(by.userId);
    const all = await this.identities.takeAllOf(by.userId);
    const going = meantLinks(all, provider, this.providers);
    if (going.length === 0) return 'none';
    const isOtherWayIn = (each: LinkedIdentity): boolean => !going.includes(each) && this.isWayIn(each);
    if (!hasPassword && !all.some(isOtherWayIn)) {
      await this.events.append(identityKept(by, provider, 'last_way_in'));
      return 'last';
    }
    for (const { id } of going) await this.identities.remove(id);
    await this.events.append(identityUnlinked(by, provider));
    return 'unlinked';
  }

  /** Nobody comes by a provider that is no longer set up. */
  private isWayIn({ issuer }: LinkedIdentity): boolean {
    return this.providers.list().some((provider) => provider.issuer === issuer);
  }
}
