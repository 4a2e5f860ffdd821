/** The keys under which addresses and agents of persons are kept in the log: 32 bytes each. */
export abstract class PersonKeys {
  /**
   * To seal with, within the caller's unit of work. null: the person is erased, or nobody is known (null), for whom as much
   * is asked all the same.
   */
  abstract toSeal(person: string | null): Promise<Buffer | null>;

  /** To open with. Persons without a key are left out; those whose key is destroyed are there with null. */
  abstract toOpen(persons: readonly string[]): Promise<ReadonlyMap<string, Buffer | null>>;

  /** The same, of seeds that were read along; null: destroyed. */
  abstract ofSeeds(seeds: ReadonlyMap<string, Buffer | null>): Promise<ReadonlyMap<string, Buffer | null>>;

  /** For good: what is sealed with it can be read by nobody any more. Within the caller's unit of work. */
  abstract destroy(person: string, now: Date): Promise<void>;
}
