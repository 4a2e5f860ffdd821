import { applyDecorators } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import { WithTraits } from './route-config';

export const FORM = 'application/x-www-form-urlencoded';

/** The route takes a form as well as JSON (OAuth 2 clients send one). */
export function AcceptsForm(): MethodDecorator {
  return applyDecorators(WithTraits({ acceptsForm: true }), ApiConsumes('application/json', FORM));
}
