import { ValidationFailed } from '../../../kernel/domain-error';

/** A role was named, in this field of what was sent, that the tenant does not have. */
export function unknownRole(field: 'role' | 'roles' | 'mfa_required_roles' | 'auto_join_role'): ValidationFailed {
  return new ValidationFailed([{ field, code: 'FIELD_INVALID', message: 'There is no such role.' }]);
}
