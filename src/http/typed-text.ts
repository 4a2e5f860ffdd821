import type { BodyRequest } from '../platform/http/request';

/** What was typed into a field of a body nobody has looked at yet; null unless it is text. */
export function textOf({ body }: BodyRequest, field: string): string | null {
  const typed: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, field) : undefined;
  return typeof typed === 'string' ? typed : null;
}
