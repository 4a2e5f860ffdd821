import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { ProcessSettings } from '../../../../platform/config/settings';
import type { Mail, MailBrand } from '../../../../platform/mail/mails';
import { IdentityFacade } from '../../../identity/identity.facade';
import type { InvitationState } from '../../domain/invitation';
import { senderName } from '../../domain/invitation-sender';
import type { MailedInvitation } from './invitation-secrets';
import { TenancyQueries } from '../tenancy-queries';
import { TenantPolicies } from '../tenant-policies.port';

/** Writes the mail of an invitation. */
@Injectable()
export class InvitationLetters {
  constructor(
    private readonly queries: TenancyQueries,
    private readonly identity: IdentityFacade,
    private readonly policies: TenantPolicies,
    private readonly settings: ProcessSettings,
  ) {}

  /** The link leads to PUBLIC_URL, whatever address the request came to. The mail comes as the inviting tenant's mails do. */
  async write(invitation: InvitationState, role: string, { token, code }: MailedInvitation): Promise<Mail> {
    const { email, tenantId, invitedBy, expiresAt, codeExpiresAt } = invitation;
    const tenant = (await this.queries.find(tenantId))?.name ?? '';
    const inviter = await this.identity.users.find(invitedBy);
    const facts = {
      tenant,
      inviter: inviter ? senderName(inviter) : tenant,
      role,
      link: `${this.settings.publicUrl}/accept-invitation?token=${token}`,
      code,
      until: expiresAt.toISOString(),
      codeUntil: codeExpiresAt.toISOString(),
    };
    return { to: email, template: 'invitation', facts, tenant: tenantId, brand: await this.brandOf(tenantId) };
  }

  private async brandOf(tenant: TenantId): Promise<MailBrand | null> {
    const policy = await this.policies.find(tenant);
    if (!policy || (policy.mailName === null && policy.mailSender === null)) return null;
    return { name: policy.mailName, sender: policy.mailSender };
  }
}
