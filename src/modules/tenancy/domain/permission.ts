/** `resource:action`, or `resource:*`, or `*:*`; a star stands for a whole side, never for a part of one. */
const PERMISSION = /^(?:\*:\*|[a-z][a-z0-9_-]{0,63}:(?:\*|[a-z][a-z0-9_-]{0,63}))$/;

export function isPermission(text: string): boolean {
  return PERMISSION.test(text);
}

/** Whether one of the grants covers what is required. */
export function permits(grants: readonly string[], required: string): boolean {
  const [resource = ''] = required.split(':');
  return grants.some((grant) => grant === required || grant === '*:*' || grant === `${resource}:*`);
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
