import { NotFound } from '../../../../kernel/domain-error';
import { isUuid, type TenantId, tenantId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';

/** The tenant of that id, where the caller reaches it: their active one, or for system administrators any. Throws NotFound. */
export function reachable(by: Principal, id: string): TenantId {
  if (!isUuid(id)) throw new NotFound();
  const tenant = tenantId(id);
  if (tenant !== by.tenantId && !by.systemAdministrator) throw new NotFound();
  return tenant;
}
