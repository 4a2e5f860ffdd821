import { beyond } from './permission';

export type Rank = { readonly permissions: readonly string[]; readonly systemAdministrator: boolean };

/** What the other has and the actor has not. None: the actor may act on them. Nobody acts above themselves. */
export function excess(actor: Rank, other: Rank): readonly string[] {
  const system = other.systemAdministrator && !actor.systemAdministrator ? ['system administration'] : [];
  return [...system, ...beyond(actor.permissions, other.permissions)];
}
