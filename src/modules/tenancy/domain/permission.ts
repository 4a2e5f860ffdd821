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
