import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ErrorCode } from '../kernel/domain-error';
import type { Principal } from '../kernel/principal';
import { permits } from '../modules/tenancy/tenancy.facade';
import { UnitOfWork } from '../platform/database/unit-of-work';
import { type EventDetails, EventLog } from '../platform/events/event-log';
import { ACCESS, type Access, EVEN_CONFINED, type GuardedAccess } from '../platform/http/access';
import type { DoorwardRequest } from '../platform/http/request';
import { Confinement } from './confinement';
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
    private readonly confinement: Confinement,
    private readonly freshness: Freshness,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!rule) throw new Error(`${context.getClass().name}.${context.getHandler().name} declares no access rule`);
    const request = context.switchToHttp().getRequest<DoorwardRequest>();
    const confined = this.isForConfined(context) ? null : await this.confinementOf(request);
    if (rule.kind === 'public') {
      if (confined) setAside(request, confined);
      return true;
    }
    const { user } = request;
    if (!user) throw new Refusal('TOKEN_MISSING');
    const refused = await this.refusalOf(rule, user, confined);
    if (refused) {
      await this.record(user, refused.details);
      throw new Refusal(refused.code);
    }
    return true;
  }

  private isForConfined(context: ExecutionContext): boolean {
    return this.reflector.get<true | undefined>(EVEN_CONFINED, context.getHandler()) === true;
  }

  private async confinementOf({ user }: DoorwardRequest): Promise<ErrorCode | null> {
    return user ? this.confinement.refusalOf(user) : null;
  }

  private async refusalOf(
    { by, permission, fresh }: GuardedAccess,
    user: Principal,
    confined: ErrorCode | null,
  ): Promise<Refused | null> {
    if (!isBy(by, user)) return { code: 'INSUFFICIENT_PERMISSIONS', details: { reason: `needs_${by}` } };
    if (confined) return { code: confined, details: { reason: confined.toLowerCase() } };
    if (permission !== null && !user.systemAdministrator && !permits(user.permissions, permission)) {
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

/** The route goes on as if nobody had called, and may say why. */
function setAside(request: DoorwardRequest, code: ErrorCode): void {
  request.user = undefined;
  request.disbelief = code;
}

/** The development administrator passes for whoever is asked for. */
function isBy(by: GuardedAccess['by'], { kind }: Principal): boolean {
  if (by === 'any' || kind === 'development') return true;
  return (by === 'api_key') === (kind === 'api_key');
}
