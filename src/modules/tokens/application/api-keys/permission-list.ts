import type { Violation } from '../../../../kernel/domain-error';
import { isPermission } from '../../../tenancy/tenancy.facade';

/** What is wrong with the permissions a key is to have; nothing when there are some, all well-formed. */
export function permissionViolations(permissions: readonly string[]): Violation[] {
  const violation = (code: string, message: string): Violation => ({ field: 'permissions', code, message });
  if (permissions.length === 0) return [violation('FIELD_REQUIRED', 'Name at least one permission.')];
  if (permissions.every(isPermission)) return [];
  return [violation('PERMISSION_INVALID', 'Each permission is resource:action, resource:* or *:*.')];
}
