/** Whether somebody filled in the field that people do not see. A form sends its empty fields too. */
export function isFilled(field: string | null | undefined): boolean {
  return field !== undefined && field !== null && field !== '';
}
