import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { wrongCodesOf } from '../../domain/invitation';
import type { InvitationId } from '../../domain/invitation-id';
import { invitationResent } from '../../invitation.events';
import { InvitationPost } from './invitation-post';
import { InvitationSecrets } from './invitation-secrets';
import { Invitations } from './invitations.port';

export type InvitationToRenew = {
  readonly id: InvitationId;
  readonly email: string;
  /** A role's name. */
  readonly role: string;
};

/** Gives an invitation another secret and mails that. Whoever does so vouches for it from then on. */
@Injectable()
export class RenewInvitation {
  constructor(
    private readonly invitations: Invitations,
    private readonly secrets: InvitationSecrets,
    private readonly post: InvitationPost,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** False: it is not there, another tenant's, accepted, or revoked. */
  execute(by: Principal, { id, email, role }: InvitationToRenew): Promise<boolean> {
    return this.work.run(async (now) => {
      const ofAddress = await this.invitations.takeAllOf(this.secrets.keyOf(email));
      const invitation = ofAddress.find((one) => one.isOf(by.tenantId, id));
      const secret = this.secrets.make(now, id);
      if (!invitation?.renew(secret, { by: by.userId, wrongCodes: wrongCodesOf(ofAddress, now) }, now)) return false;
      await this.invitations.save(invitation);
      await this.post.send(invitation.snapshot(), role, secret);
      await this.events.append(invitationResent(invitation.snapshot(), by));
      return true;
    });
  }
}
