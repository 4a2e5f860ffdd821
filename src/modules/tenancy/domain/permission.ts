/** `resource:action`, or `resource:*`, or `*:*`; a star stands for a whole side, never for a part of one. */
const PERMISSION = /^(?:\*:\*|[a-z][a-z0-9_-]{0,63}:(?:\*|[a-z][a-z0-9_-]{0,63}))$/;

/** The sides of a permission; `*` is all of its side. */
export type Permission = { readonly resource: string; readonly action: string };

export function isPermission(text: string): boolean {
  return PERMISSION.test(text);
}

/** null when the text is no permission. */
export function parsePermission(text: string): Permission | null {
  if (!isPermission(text)) return null;
  const [resource = '', action = ''] = text.split(':');
  return { resource, action };
}

/** The first of the grants that covers what is required, by itself; null: none does. What is no permission nothing covers. */
export function grantFor(grants: readonly string[], required: string): string | null {
  const wanted = parsePermission(required);
  if (!wanted) return null;
  const whole = `${wanted.resource}:*`;
  return grants.find((grant) => grant === required || grant === '*:*' || grant === whole) ?? null;
}

/** Whether one of the grants covers what is required. */
export function permits(grants: readonly string[], required: string): boolean {
  return grantFor(grants, required) !== null;
}

/** Which of the wanted permissions the grants do not cover. None: nothing is granted above the granter. */
export function beyond(grants: readonly string[], wanted: readonly string[]): string[] {
  return wanted.filter((permission) => !permits(grants, permission));
}

/** What both permit, and nothing else, as grants: of two that cover each other, the narrower one. */
export function common(some: readonly string[], others: readonly string[]): string[] {
  const ofSome = some.filter((grant) => permits(others, grant));
  const ofOthers = others.filter((grant) => permits(some, grant));
  return [...new Set([...ofSome, ...ofOthers])];
}
