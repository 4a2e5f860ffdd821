import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, ValidateBy } from 'class-validator';
import { isPermission } from '../domain/permission';

const MOST_PERMISSIONS = 100;
const EXAMPLE = ['detector:read', 'dataset:*'];

const isText = (value: unknown): boolean => typeof value === 'string' && isPermission(value);

/** `resource:action`, `resource:*` or `*:*`. */
export function IsPermission(each = false): PropertyDecorator {
  const message = 'A permission is resource:action, resource:* or *:*.';
  return ValidateBy({ name: 'isPermission', validator: { validate: isText, defaultMessage: () => message } }, { each });
}

/** What a role grants: well-formed permissions, each once. */
export function GrantedPermissions(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: [String], maxItems: MOST_PERMISSIONS, uniqueItems: true, example: EXAMPLE }),
    IsArray(),
    ArrayMaxSize(MOST_PERMISSIONS),
    ArrayUnique(),
    IsPermission(true),
  );
}

/** A `checks` of POST /authz/check: one permission and nothing else, by itself or under its name. */
export function IsPermissionCheck(): PropertyDecorator {
  const message = 'Each check is {"permission": "resource:action"}, or the permission alone.';
  const isNamed = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).join() === 'permission' &&
    isText((value as { readonly permission?: unknown }).permission);
  const validate = (value: unknown): boolean => isText(value) || isNamed(value);
  return ValidateBy(
    { name: 'isPermissionCheck', validator: { validate, defaultMessage: () => message } },
    { each: true },
  );
}
