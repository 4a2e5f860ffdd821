import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiConsumes } from '@nestjs/swagger';

export const FORM = 'application/x-www-form-urlencoded';

/** The route takes a form as well as JSON (OAuth 2 clients send one). */
export function AcceptsForm(): MethodDecorator {
  return applyDecorators(RouteConfig({ acceptsForm: true }), ApiConsumes('application/json', FORM));
}
