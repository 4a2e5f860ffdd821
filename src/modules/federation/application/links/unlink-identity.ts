import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { FederatedUsersFacade } from '../../../identity/federated-users.facade';
import { LastWayIn } from '../../domain/errors';
import { identityKept, identityUnlinked } from '../../federation.events';
import { LinkedIdentities } from './linked-identities.port';

/** Takes an identity from the caller's account. */
@Injectable()
export class UnlinkIdentity {
  constructor(
    private readonly identities: LinkedIdentities,
    private readonly users: FederatedUsersFacade,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws NotFound: none of that provider is linked; LastWayIn: nothing else opens the account. */
  async execute(by: Principal, provider: string): Promise<void> {
    const outcome = await this.work.run(() => this.decide(by, provider));
    if (outcome === 'none') throw new NotFound();
    if (outcome === 'last') throw new LastWayIn();
  }

  /** All are held, so that of two that go at once the second sees that the first is gone. */
  private async decide(by: Principal, provider: string): Promise<'none' | 'last' | 'unlinked'> {
    const all = await this.identities.takeAllOf(by.userId);
    const going = all.filter((identity) => identity.provider === provider);
    if (going.length === 0) return 'none';
    if (going.length === all.length && !(await this.users.hasPassword(by.userId))) {
      await this.events.append(identityKept(by, provider, 'last_way_in'));
      return 'last';
    }
    for (const { id } of going) await this.identities.remove(id);
    await this.events.append(identityUnlinked(by, provider));
    return 'unlinked';
  }
}
