import type { UserId } from '../../../kernel/ids';

/** Whether a tenant with these owners in force would be without one, were that member an owner no more. */
export function isLastOwner(ownersInForce: readonly UserId[], member: UserId): boolean {
  return ownersInForce.includes(member) && ownersInForce.every((owner) => owner === member);
}
