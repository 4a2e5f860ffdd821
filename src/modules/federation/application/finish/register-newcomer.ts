import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
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

/** Makes the account of somebody who came by an identity provider, and has none. Joins the caller's unit of work. */
@Injectable()
export class RegisterNewcomer {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly users: FederatedUsersFacade,
    private readonly tenancy: TenancyFacade,
    private readonly entrance: FederatedEntrance,
  ) {}

  /** Throws EmailTaken when somebody registered with the address meanwhile. The unit of work is lost then. */
  async execute({ provider: _provider, ...person }: Newcomer): Promise<UserId> {
    const draft = this.users.draft(person);
    const user = await this.identity.addUser(draft);
    const tenant = await this.tenancy.open({ name: nameFor(user), kind: 'personal', owner: user.id });
    await this.entrance.registered(user.id, tenant.id);
    return user.id;
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
