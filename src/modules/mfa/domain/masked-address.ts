/** The longest label a factor may have. */
const LONGEST = 100;

/** Enough of an address for its owner to know it again among a few: `a•••@example.com`. */
export function maskedAddress(address: string): string {
  const at = Math.max(address.lastIndexOf('@'), 0);
  const [first = ''] = address.slice(0, at);
  return `${first}•••${address.slice(at)}`.slice(0, LONGEST);
}
