import type { Provider, Type } from '@nestjs/common';
import { AddRole } from './application/roles/add-role';
import { CheckPermissions } from './application/roles/check-permissions';
import { CreateRole } from './application/roles/create-role';
import { RolesOfPolicy } from './application/roles/roles-of-policy';
import { RemoveRole } from './application/roles/remove-role';
import { ReplaceRole } from './application/roles/replace-role';
import { ResourceAdministration } from './application/roles/resource-administration';
import { Resources } from './application/roles/resources.port';
import { RoleHolders } from './application/roles/role-holders';
import { RoleQueries } from './application/roles/role-queries';
import { RoleRights } from './application/roles/role-rights';
import { Roles } from './application/roles/roles.port';
import { AuthzController } from './http/authz.controller';
import { PermissionsController } from './http/permissions.controller';
import { RolesController } from './http/roles.controller';
import { SqlResources } from './infrastructure/sql-resources';
import { SqlRoleQueries } from './infrastructure/sql-role-queries';
import { SqlRoles } from './infrastructure/sql-roles';
import { RolesFacade } from './roles.facade';

export const roleControllers: Type<unknown>[] = [AuthzController, PermissionsController, RolesController];

/** What roles and the catalogue of permissions need. */
export const roleProviders: Provider[] = [
  AddRole,
  CheckPermissions,
  CreateRole,
  RolesOfPolicy,
  RemoveRole,
  ReplaceRole,
  ResourceAdministration,
  RoleHolders,
  RoleRights,
  RolesFacade,
  { provide: Resources, useClass: SqlResources },
  { provide: RoleQueries, useClass: SqlRoleQueries },
  { provide: Roles, useClass: SqlRoles },
];
