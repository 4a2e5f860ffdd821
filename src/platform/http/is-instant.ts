import { ValidateBy } from 'class-validator';

const RFC3339 = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;

/** A point in time as RFC 3339 writes it, of a day there is. */
export function isInstant(text: unknown): boolean {
  const [, day = ''] = typeof text === 'string' ? (RFC3339.exec(text) ?? []) : [];
  if (day === '' || Number.isNaN(Date.parse(String(text)))) return false;
  // JavaScript reads the 30th of February as the 2nd of March.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

export function IsInstant(): PropertyDecorator {
  const message = 'Use a time such as 2026-11-21T12:00:00Z.';
  return ValidateBy({ name: 'isInstant', validator: { validate: isInstant, defaultMessage: () => message } });
}
