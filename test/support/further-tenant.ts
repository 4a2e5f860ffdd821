import type { INestApplicationContext } from '@nestjs/common';
import { userId } from '../../src/kernel/ids';
import { Tenants } from '../../src/modules/tenancy/application/tenants.port';
import type { TenantState } from '../../src/modules/tenancy/domain/tenant';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aTenant } from './a-tenant';

/** One more tenant for a user who has one already. */
export function aFurtherTenant(
  app: INestApplicationContext,
  member: string,
  role = 'viewer',
  overrides: Partial<TenantState> = {},
): Promise<TenantState> {
  const tenant = aTenant(overrides);
  return app.get(UnitOfWork).run(async (now) => {
    await app.get(Tenants).add(tenant);
    await app.get(Tenants).addMember(tenant.id, userId(member), role, now);
    return tenant;
  });
}
