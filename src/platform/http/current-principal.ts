import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal } from '../../kernel/principal';
import type { DoorwardRequest } from './request';

/** The caller, on a route that is not public. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { user } = context.switchToHttp().getRequest<DoorwardRequest>();
  if (!user) throw new Error('CurrentPrincipal on a route that anybody may call');
  return user;
});
