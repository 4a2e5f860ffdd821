import { ValidateIf } from 'class-validator';

/** May be left out, and may not be null: of what is there already, null says nothing. */
export function MayBeLeftOut(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
