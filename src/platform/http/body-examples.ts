import { ApiBody } from '@nestjs/swagger';

type Examples = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Documents a body with examples that work as they stand. Without them Swagger UI makes one up of every field there is,
 * the one that people must not fill in among them.
 */
export function BodyExamples(type: new () => object, examples: Examples, required = true): MethodDecorator {
  const named = Object.entries(examples).map(([summary, value]) => [summary, { summary, value }] as const);
  return ApiBody({ type, required, examples: Object.fromEntries(named) });
}
