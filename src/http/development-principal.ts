import { Injectable } from '@nestjs/common';
import type { Principal } from '../kernel/principal';
import { IdentityFacade } from '../modules/identity/identity.facade';
import { TenancyFacade } from '../modules/tenancy/tenancy.facade';
import { ProcessSettings } from '../platform/config/settings';
import { Clock } from '../platform/time/clock';

/** Whom every request acts as with AUTH_ENABLED=false, whatever it carries: the first administrator. */
@Injectable()
export class DevelopmentPrincipal {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly tenancy: TenancyFacade,
    private readonly settings: ProcessSettings,
    private readonly clock: Clock,
  ) {}

  /** undefined unless authentication is switched off, which the settings refuse in production. */
  async find(): Promise<Principal | undefined> {
    if (this.settings.authEnabled) return undefined;
    const user = await this.identity.users.firstSystemAdministrator();
    const membership = user && (await this.tenancy.membershipOf(user.id, null));
    if (!membership) return undefined;
    return {
      kind: 'development',
      userId: user.id,
      tenantId: membership.tenant.id,
      sessionId: null,
      apiKeyId: null,
      authenticatedAt: this.clock.now(),
      roles: membership.roles,
      permissions: ['*:*'],
      systemAdministrator: true,
      assurance: null,
      confined: false,
      networks: [],
    };
  }
}
