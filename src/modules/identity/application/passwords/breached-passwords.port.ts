/** The passwords that were published in breaches of other services, as far as somebody can be asked. */
export abstract class BreachedPasswords {
  /**
   * Whether it is known to be one of them; false where nobody is asked, or nobody answers in time. Remote, so outside any
   * unit of work; the password is never told to whoever is asked. Never throws.
   */
  abstract has(password: string): Promise<boolean>;
}
