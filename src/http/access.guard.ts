import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ErrorCode } from '../kernel/domain-error';
import type { Principal } from '../kernel/principal';
import { OutsideNetworks, permits } from '../modules/tenancy/tenancy.facade';
import { ACCESS, type Access, EVEN_CONFINED, type GuardedAccess, ruleFor } from '../platform/http/access';
import type { DetailsOf } from '../platform/events/event-log';
import type { DoorwardRequest } from '../platform/http/request';
import { Confinement } from './confinement';
import { DeniedAccess } from './denied-access';
import { Refusal } from './errors';
import { Freshness } from './freshness';
import { NetworkRule } from './network-rule';

type Refused = { readonly code: ErrorCode; readonly details: DetailsOf<'access.denied'> };

/** Runs after the AuthenticationGuard and interprets the route's rule. Knows rules, not tokens. Fails closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly denied: DeniedAccess,
    private readonly networks: NetworkRule,
    private readonly confinement: Confinement,
    private readonly freshness: Freshness,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const declared = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!declared) throw new Error(`${context.getClass().name}.${context.getHandler().name} declares no access rule`);
    const request = context.switchToHttp().getRequest<DoorwardRequest>();
    const { user } = request;
    const rule = ruleFor(declared, request.query);
    const isForConfined = this.isForConfined(context);
    const outside = user !== undefined && this.networks.isOutside(user);
    const confined = isForConfined || outside ? null : await this.confinementOf(request);
    if (rule.kind === 'public') {
      // Where who is confined may go on, as far as out of the session, so may who is outside: the tenant is not used by that.
      if (outside && !isForConfined) setAside(request, 'INSUFFICIENT_PERMISSIONS');
      if (confined) setAside(request, confined);
      return true;
    }
    if (!user) throw new Refusal(request.disbelief ?? 'TOKEN_MISSING');
    if (outside) {
      if (this.networks.isWorthRecording(user)) await this.denied.record(user, { reason: 'outside_networks' });
      throw new OutsideNetworks();
    }
    const refused = await this.refusalOf(rule, user, confined);
    if (refused) {
      await this.denied.record(user, refused.details);
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
