import type { NumberedRecord } from '../event-record';

/** An event as it is found in the log. */
export type LoggedEvent = {
  readonly record: NumberedRecord;
  /** By its mac: `foreign` is what the service did not write as it is, `unsigned` carries none. */
  readonly authorship: 'signed' | 'unsigned' | 'foreign';
  /** false: what is stored beside the record (the box of its person, the tag of its address) is not what was. */
  readonly isSound: boolean;
};

export function sequenceOf({ record }: LoggedEvent): number {
  return Number(record.sequence);
}

/** The first day of the month (UTC) an event is of. What is no date is of the first month there is. */
export function monthOf({ record }: LoggedEvent): string {
  const [, month = '0001-01'] = /^((?!0000)\d{4}-\d{2})-/.exec(record.occurredAt) ?? [];
  return `${month}-01`;
}

/** The tenant, or '' for an event of none. */
export function tenantOf({ record }: LoggedEvent): string {
  return record.tenantId ?? '';
}
