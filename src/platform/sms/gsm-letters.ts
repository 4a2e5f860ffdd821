/** The letters of GSM 03.38 that are not in ASCII. With these, 160 characters fit into a message; with any other, 70. */
const BEYOND_ASCII = new Set('èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉÄÖÑÜäöñüà');
const MARKS = /\p{M}/gu;

/** Writes letters as a text message takes them, where they have such a form: `Dvořák’s` becomes `Dvorak's`. */
export function asPlainLetters(words: string): string {
  return [...words.normalize('NFC')].map(plain).join('');
}

function plain(character: string): string {
  if (character === '’') return "'";
  if (isPlain(character)) return character;
  const base = character.normalize('NFD').replace(MARKS, '');
  return isPlain(base) ? base : character;
}

function isPlain(character: string): boolean {
  return /^[\x20-\x7e]$/.test(character) || BEYOND_ASCII.has(character);
}
