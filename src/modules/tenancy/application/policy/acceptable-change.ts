import { ValidationFailed, type Violation } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { asciiDomain } from '../../../../platform/network/domain-name';
import { isWithin } from '../../../../platform/network/networks';
import { OWNER } from '../../domain/built-in-roles';
import { networksFor, type TenantPolicyChange } from '../../domain/tenant-policy';

/** Who decides, and from where. */
export type Decider = Pick<Principal, 'systemAdministrator'> & { readonly ipAddress: string | null };

/**
 * The change with its domains in their one spelling, each once. Throws ValidationFailed for what is no domain, for a
 * list of networks that would shut out whoever decides it, and where people would be owners as they come.
 */
export function acceptableChange(change: TenantPolicyChange, by: Decider): TenantPolicyChange {
  const { allowedEmailDomains: wanted, ipAllowlist } = change;
  const domains = wanted && [...new Set(wanted.map(asciiDomain))];
  const isReadable = (domain: string | null): domain is string => domain !== null;
  const allowedEmailDomains = domains?.filter(isReadable);
  const violations = [
    ...(allowedEmailDomains?.length === domains?.length ? [] : [NO_DOMAIN]),
    ...(ipAllowlist && !isWithin(networksFor(ipAllowlist, by.systemAdministrator), by.ipAddress) ? [shutOut(by)] : []),
    ...(change.autoJoinRole === OWNER ? [NO_OWNERS] : []),
  ];
  if (violations.length > 0) throw new ValidationFailed(violations);
  return { ...change, allowedEmailDomains };
}

const NO_DOMAIN: Violation = {
  field: 'allowed_email_domains',
  code: 'FIELD_INVALID',
  message: 'Each of these must be a domain such as acme.example, without an @.',
};

const NO_OWNERS: Violation = {
  field: 'auto_join_role',
  code: 'FIELD_INVALID',
  message: 'Nobody becomes an owner by signing in. Name another role.',
};

/** Whoever decides learns the address that would have to be in it: behind a proxy it need not be the one they think of. */
function shutOut({ ipAddress }: Decider): Violation {
  const message = `These networks would shut you out: you come from ${ipAddress ?? 'an address that is not known'}.`;
  return { field: 'ip_allowlist', code: 'OWN_ADDRESS_EXCLUDED', message };
}
