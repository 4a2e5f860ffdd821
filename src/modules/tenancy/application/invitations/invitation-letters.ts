import { Injectable } from '@nestjs/common';
import { ProcessSettings } from '../../../../platform/config/settings';
import type { Mail } from '../../../../platform/mail/mails';
import { IdentityFacade } from '../../../identity/identity.facade';
import { TenantRules } from '../../../identity/tenant-rules.facade';
import type { InvitationState } from '../../domain/invitation';
import { senderName } from '../../domain/invitation-sender';
import type { SealedInvitation } from './invitation-secrets';
import { TenancyQueries } from '../tenancy-queries';

/** Writes the mail of an invitation. */
@Injectable()
export class InvitationLetters {
  constructor(
    private readonly queries: TenancyQueries,
    private readonly identity: IdentityFacade,
    private readonly rules: TenantRules,
    private readonly settings: ProcessSettings,
  ) {}

  /** The link leads to PUBLIC_URL, whatever address the request came to. */
  async write({ email, tenantId, invitedBy }: InvitationState, role: string, secret: SealedInvitation): Promise<Mail> {
    const tenant = (await this.queries.find(tenantId))?.name ?? '';
    const inviter = await this.identity.users.find(invitedBy);
    const facts = {
      tenant,
      inviter: inviter ? senderName(inviter) : tenant,
      role,
      link: `${this.settings.publicUrl}/accept-invitation?token=${secret.token}`,
      code: secret.code,
      until: secret.expiresAt.toISOString(),
    };
    return { to: email, template: 'invitation', facts, brand: (await this.rules.of(invitedBy)).brand };
  }
}
