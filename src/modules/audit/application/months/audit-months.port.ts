/** The tables of the audit log, one for each month. */
export abstract class AuditMonths {
  /** Makes those of this month and of so many to come, within the caller's unit of work. Returns how many were missing. */
  abstract makeAhead(months: number): Promise<number>;
}
