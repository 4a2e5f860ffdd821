import { Injectable } from '@nestjs/common';
import { Outbox } from '../../../../platform/mail/outbox';
import { IdentityFacade } from '../../../identity/identity.facade';
import type { SessionState } from '../../domain/session';
import { type ClientTraits, Devices } from './devices.port';

/** Tells the owner of an account what happened to it. The mail is written in the transaction of what it tells. */
@Injectable()
export class SecurityNotices {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly devices: Devices,
    private readonly outbox: Outbox,
  ) {}

  /** A refresh token came back, from `client`, that was spent: it is in two hands. Joins the unit of work. */
  async sessionEndedByReuse({ userId }: SessionState, client: ClientTraits, now: Date): Promise<void> {
    const user = await this.identity.users.find(userId);
    if (!user) return;
    const { userAgent, ipAddress } = client;
    const device = userAgent === null ? null : this.devices.label(userAgent);
    await this.outbox.enqueue({
      to: user.email,
      template: 'session-ended',
      facts: { at: now.toISOString(), device, address: ipAddress },
    });
  }
}
