/** Hashes the secret parts of backup codes, as passwords are: they are short. Not within a unit of work, for it is slow. */
export abstract class BackupCodeHasher {
  /** Of a whole set, in its order. Throws Overloaded. */
  abstract hash(secrets: readonly string[]): Promise<readonly string[]>;

  /** Throws Overloaded. */
  abstract matches(stored: string, secret: string): Promise<boolean>;

  /** As much work as `matches`, where there is nothing to compare with. Throws Overloaded. */
  abstract matchNothing(secret: string): Promise<void>;
}
