/** The store of usernames nobody has and nobody may have. */
export abstract class HeldUsernames {
  /** Until that instant, or later if it was to be later already. */
  abstract hold(usernameKey: string, until: Date): Promise<void>;

  abstract isHeld(usernameKey: string, now: Date): Promise<boolean>;

  /** Returns how many there were whose time is over. */
  abstract removeEnded(now: Date): Promise<number>;
}
