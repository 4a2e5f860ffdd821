/** A month whose events are in files. */
export type ArchivedMonth = {
  /** Its first day (UTC). */
  readonly month: string;
  /** The last seal of it that is archived. */
  readonly throughSeal: number;
};

export abstract class ArchivedMonths {
  /** Those whose record is signed by a key of ours; what is not is not believed. */
  abstract list(): Promise<readonly ArchivedMonth[]>;
}
