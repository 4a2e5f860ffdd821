import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { IdentityFacade } from '../../../identity/identity.facade';
import { Members } from '../members/members.port';
import { OpenTenant } from '../open-tenant';

/** Accounts outlive the tenants they belong to: who would be let in nowhere gets a personal tenant. */
@Injectable()
export class ProvideHome {
  constructor(
    private readonly members: Members,
    private readonly identity: IdentityFacade,
    private readonly opening: OpenTenant,
  ) {}

  /** For a user who can no longer enter that tenant. Within the caller's unit of work. */
  async execute(user: UserId, closed: TenantId): Promise<void> {
    if (await this.members.isLetInElsewhere(closed, user)) return;
    const account = await this.identity.users.find(user);
    if (!account) return;
    const name = account.username ?? account.firstName ?? 'Personal';
    await this.opening.execute({ name, kind: 'personal', owner: user });
  }
}
