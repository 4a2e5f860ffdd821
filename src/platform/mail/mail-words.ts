/** Who writes, where no tenant has a name of its own. */
export const NAME = 'Doorward';

/** There are no words for a message. */
export class TemplateMissing extends Error {}

/** An instant as everybody reads it: `2026-01-01 12:30 UTC`. */
export function utc(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/**
 * Words that came from outside: one short line, nothing that a mail program makes a link of, and no digits that could be
 * taken for a code. Otherwise whoever holds a stolen token, or names a tenant, could write into our mail.
 */
export function outside(words: string): string {
  return words
    .replace(/[^\p{L}\p{N}.,:()+'’•-]+/gu, ' ')
    .replace(/\.(?=\p{L})/gu, '. ')
    .replace(/\d{6,}/g, (digits) => digits.replace(/\d{3}(?=\d)/g, '$& '))
    .slice(0, 80)
    .trim();
}

/** An e-mail address of which its owner recognises enough, and nobody else learns much: `a***@e***.com`. */
export function hidden(address: string): string {
  const at = address.lastIndexOf('@');
  const [last = '', ...labels] = address
    .slice(at + 1)
    .split('.')
    .reverse();
  const domain = [...labels.reverse().map(initial), outside(last)].join('.');
  return `${initial(address.slice(0, Math.max(at, 0)))}@${domain}`;
}

function initial(words: string): string {
  return `${/^[\p{L}\p{N}]/u.exec(words)?.[0] ?? ''}***`;
}
