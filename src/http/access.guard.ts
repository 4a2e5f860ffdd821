import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ErrorCode } from '../kernel/domain-error';
import type { Principal } from '../kernel/principal';
import { permits } from '../modules/tenancy/tenancy.facade';
import { UnitOfWork } from '../platform/database/unit-of-work';
import { type EventDetails, EventLog } from '../platform/events/event-log';
import { ACCESS, type Access, type GuardedAccess } from '../platform/http/access';
import type { DoorwardRequest } from '../platform/http/request';
import { Refusal } from './errors';
import { Freshness } from './freshness';

type Refused = { readonly code: ErrorCode; readonly details: EventDetails };

/** Runs after the AuthenticationGuard and interprets the route's rule. Knows rules, not tokens. Fails closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
    private readonly freshness: Freshness,
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
    const refused = await this.refusalOf(rule, user);
    if (refused) {
      await this.record(user, refused.details);
      throw new Refusal(refused.code);
    }
    return true;
  }

  private async refusalOf({ by, permission, fresh }: GuardedAccess, user: Principal): Promise<Refused | null> {
    if (!isBy(by, user)) return { code: 'INSUFFICIENT_PERMISSIONS', details: { reason: `needs_${by}` } };
    if (permission !== null && !permits(user.permissions, permission)) {
      return { code: 'INSUFFICIENT_PERMISSIONS', details: { permission } };
    }
    const code = fresh ? await this.freshness.refusalOf(user) : null;
    return code && { code, details: { reason: code.toLowerCase() } };
  }

  private record({ userId, tenantId }: Principal, details: EventDetails): Promise<void> {
    return this.work.run(() =>
      this.events.append({ type: 'access.denied', outcome: 'failure', userId, tenantId, details }),
    );
  }
}

/** The development administrator passes for whoever is asked for. */
function isBy(by: GuardedAccess['by'], { kind }: Principal): boolean {
  if (by === 'any' || kind === 'development') return true;
  return (by === 'api_key') === (kind === 'api_key');
}
