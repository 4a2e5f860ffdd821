/** The passwords that everybody guesses first. */
export abstract class CommonPasswords {
  /** Whether the whole of it is one of them, in upper or lower case. `password` is in Unicode's NFC. */
  abstract has(password: string): boolean;
}
