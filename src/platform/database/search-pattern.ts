/**
 * The pattern of LIKE, with a backslash as its escape, for texts that hold this one. What people search for is text, and
 * no pattern. null: no search.
 */
export function searchPattern(text: string | null): string | null {
  return text === null ? null : `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`;
}
