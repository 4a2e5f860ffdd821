import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Principal } from '../kernel/principal';
import { ALL_TENANTS, NOTHING, type RowScope, RowScopes } from '../platform/database/row-scope';
import { ACCESS, type Access } from '../platform/http/access';
import type { DoorwardRequest } from '../platform/http/request';

/**
 * Says whose rows a request sees, by its credential alone: nothing in path, query or body changes that. Runs right behind
 * the AuthenticationGuard, for whatever comes later may ask the database.
 */
@Injectable()
export class RowScopeGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly scopes: RowScopes,
  ) {}

  canActivate(execution: ExecutionContext): boolean {
    const rule = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      execution.getHandler(),
      execution.getClass(),
    ]);
    const { user } = execution.switchToHttp().getRequest<DoorwardRequest>();
    // Whoever signs in, registers or brings a mailed link says by that, and not before, which tenant it is about.
    this.scopes.settle(rule?.kind === 'public' ? ALL_TENANTS : scopeOf(user));
    return true;
  }
}

function scopeOf(user: Principal | undefined): RowScope {
  if (!user) return NOTHING;
  if (user.systemAdministrator) return ALL_TENANTS;
  return { kind: 'tenant', tenant: user.tenantId, user: user.userId };
}
