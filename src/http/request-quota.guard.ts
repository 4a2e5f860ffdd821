import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { UsageFacade } from '../modules/tenancy/usage.facade';
import { ACCESS, type Access } from '../platform/http/access';
import type { DoorwardRequest } from '../platform/http/request';

/**
 * Counts each request of somebody who is known, for their tenant, and refuses those beyond what it may have in a day. Runs
 * last, for what other guards refuse costs a tenant nothing: a stolen session that is not good from where the thief is must
 * not use up its day. What is open to everybody is counted and never refused: whoever may come in may go out.
 */
@Injectable()
export class RequestQuotaGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly usage: UsageFacade,
  ) {}

  /** Throws QuotaExceeded. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { user } = context.switchToHttp().getRequest<DoorwardRequest>();
    if (!user) return true;
    const rule = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    await this.usage.countRequest(user, rule?.kind !== 'public');
    return true;
  }
}
