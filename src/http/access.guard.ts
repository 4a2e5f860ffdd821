import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Principal } from '../kernel/principal';
import { permits } from '../modules/tenancy/tenancy.facade';
import { UnitOfWork } from '../platform/database/unit-of-work';
import { EventLog } from '../platform/events/event-log';
import { ACCESS, type Access } from '../platform/http/access';
import type { DoorwardRequest } from '../platform/http/request';
import { Refusal } from './errors';

/** Runs after the AuthenticationGuard and interprets the route's rule. Knows rules, not tokens. Fails closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!rule) throw new Error(`${context.getClass().name}.${context.getHandler().name} declares no access rule`);
    if (rule.kind === 'public') return true;

    const { user } = context.switchToHttp().getRequest<DoorwardRequest>();
    if (!user) throw new Refusal('TOKEN_MISSING');
    if (rule.kind === 'permission' && !permits(user.permissions, rule.permission)) {
      await this.record(user, rule.permission);
      throw new Refusal('INSUFFICIENT_PERMISSIONS');
    }
    return true;
  }

  private record({ userId, tenantId }: Principal, permission: string): Promise<void> {
    return this.work.run(() =>
      this.events.append({ type: 'access.denied', outcome: 'failure', userId, tenantId, details: { permission } }),
    );
  }
}
