import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { InvitationSecrets } from './invitation-secrets';
import { Invitations } from './invitations.port';

/** Forgets whom a person was invited by, when the account ends. Within the caller's unit of work. */
@Injectable()
export class ForgetInvitations {
  constructor(
    private readonly invitations: Invitations,
    private readonly secrets: InvitationSecrets,
  ) {}

  execute(user: UserId, email: string): Promise<void> {
    return this.invitations.removeAllOf(user, this.secrets.keyOf(email));
  }
}
