import { asciiDomainOf } from '../../../../platform/network/domain-name';
import type { TenantDemands } from '../../tenant-rules.facade';

/** Whether each tenant that takes in addresses of certain domains alone takes in that one. */
export function isTakenIn({ emailDomains }: Pick<TenantDemands, 'emailDomains'>, email: string): boolean {
  const domain = asciiDomainOf(email);
  return emailDomains.every((domains) => domain !== null && domains.includes(domain));
}
