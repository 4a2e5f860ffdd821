/** What of an event tells about a person, and goes when they go. */
export type PersonalFields = {
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
};

export const NO_PERSONAL_FIELDS: PersonalFields = { ipAddress: null, userAgent: null };

export function hasPersonalFields({ ipAddress, userAgent }: PersonalFields): boolean {
  return ipAddress !== null || userAgent !== null;
}

type Concerned = { readonly actorId: string | null; readonly userId: string | null };

/**
 * Whose address and agent an event holds: of whoever acted, or, where nobody is known to have, of the account it is
 * about. null: nobody's known.
 */
export function personOf({ actorId, userId }: Concerned): string | null {
  return actorId ?? userId;
}
