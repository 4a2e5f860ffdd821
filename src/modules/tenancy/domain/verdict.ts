import { grantFor, permits } from './permission';

/** A role as somebody holds it. */
export type HeldRole = { readonly name: string; readonly permissions: readonly string[] };

/** Which role gave the answer, by which of its grants. */
export type Via = { readonly role: string; readonly permission: string };

export type Verdict =
  | { readonly allowed: true; readonly reason: 'granted'; readonly via: Via }
  /** No role of the caller grants it. */
  | { readonly allowed: false; readonly reason: 'not_granted'; readonly via: null }
  /** A role of the owner grants it, and the key was not given it. */
  | { readonly allowed: false; readonly reason: 'beyond_key'; readonly via: Via };

/** Whether roles permit something, and why. `key` is what a key was given; null: no key is asking. */
export function verdictOn(required: string, held: readonly HeldRole[], key: readonly string[] | null): Verdict {
  const via = viaOf(required, held);
  if (!via) return { allowed: false, reason: 'not_granted', via };
  if (key !== null && !permits(key, required)) return { allowed: false, reason: 'beyond_key', via };
  return { allowed: true, reason: 'granted', via };
}

/** The first role that grants it. */
function viaOf(required: string, held: readonly HeldRole[]): Via | null {
  for (const { name, permissions } of held) {
    const permission = grantFor(permissions, required);
    if (permission !== null) return { role: name, permission };
  }
  return null;
}
