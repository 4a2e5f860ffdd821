/** As what whoever reads an invitation knows the user who sent it: names, else the username, else the address. */
export function senderName(user: {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly username: string | null;
  readonly email: string;
}): string {
  const name = [user.firstName, user.lastName].filter((part) => part !== null && part.trim() !== '').join(' ');
  return name === '' ? (user.username ?? user.email) : name;
}
