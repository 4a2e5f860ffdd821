import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../kernel/domain-error';
import type { Principal } from '../../../kernel/principal';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { IdentityFacade, type UserView } from '../../identity/identity.facade';
import { MfaFacade } from '../../mfa/mfa.facade';
import { TenancyFacade, type TenantView } from '../../tenancy/tenancy.facade';

export type WhoAmIView = {
  readonly user: UserView;
  readonly tenant: TenantView;
  /** The kinds of second factors there are. */
  readonly methods: Awaited<ReturnType<MfaFacade['methodsOf']>>;
};

/** Who a credential speaks for, as of one moment. */
@Injectable()
export class WhoAmI {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly tenancy: TenancyFacade,
    private readonly mfa: MfaFacade,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws NotFound when account or tenant have ended since the credential was looked up. */
  execute(by: Principal): Promise<WhoAmIView> {
    // One transaction: each read would be one of its own.
    return this.work.run(async () => {
      const user = await this.identity.users.find(by.userId);
      const tenant = user && (await this.tenancy.find(by.tenantId));
      if (!tenant) throw new NotFound();
      return { user, tenant, methods: await this.mfa.methodsOf(by.userId) };
    });
  }
}
