import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { FederatedUsersFacade } from '../../../identity/federated-users.facade';
import { IdentityFacade } from '../../../identity/identity.facade';
import { FederatedEntrance } from '../../../signin/federated-entrance.facade';
import { TENANT_NAME, TENANT_NAME_MAX, TenancyFacade } from '../../../tenancy/tenancy.facade';
import type { ProvenIdentity } from '../../domain/proven-identity';

export type Newcomer = Pick<ProvenIdentity, 'firstName' | 'lastName'> & {
  readonly email: string;
  readonly emailVerified: boolean;
  readonly provider: string;
};

/** A new user, and the tenant they belong to. */
export type Registered = { readonly userId: UserId; readonly tenantId: TenantId };

/**
 * Makes the account of somebody who came by an identity provider, and has none. They join the tenant that names the provider and
 * the domain of their address, which is proven; else they own one. Joins the caller's unit of work.
 */
@Injectable()
export class RegisterNewcomer {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly users: FederatedUsersFacade,
    private readonly tenancy: TenancyFacade,
    private readonly entrance: FederatedEntrance,
  ) {}

  /**
   * Throws EmailTaken when somebody registered with the address meanwhile; QuotaExceeded when the tenant that takes them in is
   * full. The unit of work is lost then.
   */
  async execute({ provider, ...person }: Newcomer): Promise<Registered> {
    // Before the user is stored: tenants are held first.
    const joined = person.emailVerified ? await this.tenancy.autoJoinFor(provider, person.email) : null;
    if (joined) await this.tenancy.makeRoom(joined.tenantId);
    const { id } = await this.identity.addUser(this.users.draft(person));
    if (joined) await this.tenancy.join(joined.tenantId, id, joined.role);
    const tenantId = joined ? joined.tenantId : await this.ownTenant(id, person);
    await this.entrance.registered(id, tenantId);
    return { userId: id, tenantId };
  }

  private async ownTenant(owner: UserId, person: Pick<Newcomer, 'firstName' | 'lastName'>): Promise<TenantId> {
    return (await this.tenancy.open({ name: nameFor(person), kind: 'personal', owner })).id;
  }
}

function nameFor({
  firstName,
  lastName,
}: {
  readonly firstName: string | null;
  readonly lastName: string | null;
}): string {
  const name = [firstName, lastName].filter((part) => part !== null).join(' ');
  return TENANT_NAME.test(name) && name.length <= TENANT_NAME_MAX ? name : 'Personal';
}
