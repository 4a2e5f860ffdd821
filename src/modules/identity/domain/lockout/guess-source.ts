/** Where a password comes from, as far as it matters who has to wait after wrong ones. */
export type GuessSource = {
  readonly key: string;
  /** Whether the owner has been there: what strangers do to the account does not keep such a source out. */
  readonly isKnown: boolean;
};

/**
 * A place nobody knows. With `account` as scope everybody unknown is one source; an address that is not known is a place
 * of its own.
 */
export function networkSource(network: string | null, scope: 'source' | 'account'): GuessSource {
  return { key: scope === 'account' ? 'anywhere' : `network:${network ?? 'none'}`, isKnown: false };
}

/** A device that has signed in to this account before, and proves it. */
export function deviceSource(deviceId: string): GuessSource {
  return { key: `device:${deviceId}`, isKnown: true };
}

/** What it is, and not whose: `network`, `device`, `session` or `anywhere`. */
export function kindOf({ key }: GuessSource): string {
  return key.split(':', 1).join();
}

/** A live session of the account, whose user proves the password once more. */
export function sessionSource(sessionId: string): GuessSource {
  return { key: `session:${sessionId}`, isKnown: true };
}
