/** 3 to 64 letters, digits, dots, hyphens and underscores, beginning and ending with a letter or digit; never an e-mail. */
export const USERNAME = /^[A-Za-z0-9][A-Za-z0-9._-]{1,62}[A-Za-z0-9]$/;

/** The username as compared. */
export function usernameKey(username: string): string {
  return username.toLowerCase();
}
