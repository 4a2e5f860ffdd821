/** Anything people write as a name, but nothing that steers what is around it: names end up in mails and lists. */
export const PERSONAL_NAME = /^[^\p{Cc}\p{Bidi_Control}]*$/u;
export const PERSONAL_NAME_MAX = 100;

/** A name as somebody else has it of a person; null where it could be none here. */
export function nameFrom(text: string | null): string | null {
  const name = text?.trim() ?? '';
  return name !== '' && name.length <= PERSONAL_NAME_MAX && PERSONAL_NAME.test(name) ? name : null;
}
