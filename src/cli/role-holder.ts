import type { INestApplicationContext } from '@nestjs/common';
import { Option } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import type { TenantId, UserId } from '../kernel/ids';
import { IdentityFacade } from '../modules/identity/identity.facade';
import { TenancyFacade } from '../modules/tenancy/tenancy.facade';
import { type CommonOptions, DoorwardCommand } from './command';

export type HolderOptions = CommonOptions & { readonly tenant: string };

export type Holder = { readonly id: UserId; readonly email: string; readonly tenant: TenantId };

/** A command about a role that somebody holds in a tenant. */
export abstract class RoleHolderCommand extends DoorwardCommand {
  @Option({ flags: '--tenant <slug or id>', description: 'where', required: true })
  readTenant(value: string): string {
    return value;
  }
}

/** Throws NotFound for a user or tenant there is not. */
export async function holderOf(app: INestApplicationContext, reference: string, tenant: string): Promise<Holder> {
  const user = await app.get(IdentityFacade).users.findByReference(reference);
  const found = await app.get(TenancyFacade).find(tenant);
  if (!user || !found) throw new NotFound();
  return { id: user.id, email: user.email, tenant: found.id };
}
