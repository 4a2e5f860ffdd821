import { Injectable } from '@nestjs/common';
import { SignInSettings } from '../../../../platform/config/settings';
import { type OneTimeSecret, OneTimeSecrets } from '../../../../platform/crypto/one-time-secrets';
import { Random } from '../../../../platform/crypto/random';
import { type InvitationState, lifeOf } from '../../domain/invitation';
import { type InvitationId, invitationId } from '../../domain/invitation-id';

/** What is mailed, what is kept of it, and until when it is good. */
export type SealedInvitation = OneTimeSecret & Pick<InvitationState, 'id' | 'expiresAt' | 'codeExpiresAt'>;

/** What only the mail has. */
export type MailedInvitation = Pick<OneTimeSecret, 'token' | 'code'>;

/** Makes what an invitation is accepted with. */
@Injectable()
export class InvitationSecrets {
  constructor(
    private readonly secrets: OneTimeSecrets,
    private readonly random: Random,
    private readonly settings: SignInSettings,
  ) {}

  /** For the invitation of that id; for a new one without. */
  make(now: Date, id: InvitationId = invitationId(this.random.uuid(now))): SealedInvitation {
    return { ...this.secrets.make(id), id, ...lifeOf(this.settings.invitationSeconds, now) };
  }

  /** By what the invitations of an address are found. */
  keyOf(address: string): Buffer {
    return this.secrets.keyOf(address);
  }
}
