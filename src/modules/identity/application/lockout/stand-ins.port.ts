/** Accounts that stand in for those there are not, so that a name that is nobody's is treated as any other. */
export abstract class StandIns {
  /** The same UUID for a name each time, on every replica; nobody's id. */
  abstract accountFor(login: string): string;
}
