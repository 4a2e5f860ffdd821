import { InputPipe } from '../http/input.pipe';
import { ValidationFailed } from '../kernel/domain-error';
import { UsageError } from './command';

/** Holds what was typed at the command line to the very rules of HTTP, those of the body `type`. Throws UsageError. */
export function inputOf<Body extends object>(type: new () => Body, typed: Readonly<Record<string, unknown>>): Body {
  try {
    return new InputPipe().transform(typed, { type: 'body', metatype: type }) as Body;
  } catch (error) {
    if (!(error instanceof ValidationFailed)) throw error;
    throw new UsageError(error.violations.map(({ field, message }) => `${field}: ${message}`).join('\n'));
  }
}
