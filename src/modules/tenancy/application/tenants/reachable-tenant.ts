import { NotFound } from '../../../../kernel/domain-error';
import { isUuid, type TenantId, tenantId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';

/** The tenant that a path names. Throws NotFound: another tenant is as good as none; system administrators reach all. */
export function reachable(by: Pick<Principal, 'tenantId' | 'systemAdministrator'>, id: string): TenantId {
  if (!isUuid(id)) throw new NotFound();
  const tenant = tenantId(id);
  if (tenant !== by.tenantId && !by.systemAdministrator) throw new NotFound();
  return tenant;
}
