/** What a sign-in comes from, as far as it can be told apart from others. */
export type Place = {
  /** A device's fingerprint. */
  readonly device: string;
  /** In CIDR notation; null when the address is not known. */
  readonly network: string | null;
};

/** What is remembered of an account, seen from one place. */
export type Familiarity = {
  /** Whether anything is remembered at all. */
  readonly hasHistory: boolean;
  readonly deviceIsKnown: boolean;
  /** Also true of an account that has a history without any network in it: to such a one every network would be new. */
  readonly networkIsKnown: boolean;
  /** How long ago the account was last seen in another network than this one; null: never. */
  readonly otherNetworkSecondsAgo: number | null;
};

const FAMILIAR_DAYS = 90;
const DAY_MS = 86_400_000;

/** How many devices, and how many networks, an account is remembered with: of more, those not seen for longest go. */
export const PLACES_KEPT = 50;

/** What was seen at this instant or before is forgotten. */
export function forgottenSince(now: Date): Date {
  return new Date(now.getTime() - FAMILIAR_DAYS * DAY_MS);
}
