/** The longest address SMTP can carry (RFC 5321, 4.5.3.1.3). */
export const EMAIL_MAX_LENGTH = 254;

/** The address as compared: two spellings of one mailbox are one user. */
export function emailKey(address: string): string {
  return address.toLowerCase();
}

/** Enough of an address for its owner to know it again, for whoever else reads along not to: `a…@example.com`. */
export function masked(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}…${address.slice(at)}`;
}
