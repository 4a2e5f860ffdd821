/** The account that has the address an identity provider tells of. */
export type AccountOfAddress = {
  /** Whether its user has shown that the mailbox is theirs. */
  readonly emailVerified: boolean;
  /** Whether an identity of the same issuer opens it already, which is another one. */
  readonly hasOtherIdentity: boolean;
};

export type LinkingFacts<Account extends AccountOfAddress = AccountOfAddress> = {
  /** null: the provider tells of none. */
  readonly email: string | null;
  /** Whether the provider has seen that the address is theirs, and is trusted in that. */
  readonly emailProven: boolean;
  /** null: none has the address. */
  readonly account: Account | null;
};

export type Linking<Account> =
  | { readonly kind: 'register'; readonly email: string; readonly emailVerified: boolean }
  | { readonly kind: 'link'; readonly account: Account }
  /** Whoever made the account never showed that the mailbox is theirs; who comes now does. */
  | { readonly kind: 'reclaim'; readonly account: Account }
  | { readonly kind: 'refuse'; readonly reason: 'address_missing' | 'address_taken' };

const TAKEN = { kind: 'refuse', reason: 'address_taken' } as const;

/**
 * What an identity of another issuer opens that opens nothing yet by issuer and subject (OA-03). Its address alone leads to an
 * account only where all three are sure of it: a trusted provider, the provider's own check, and the account (OA-04). Where the
 * account alone is not, it belongs to whom the provider vouches for, without anything of before (RC-09).
 */
export function linkingOf<Account extends AccountOfAddress>({
  email,
  emailProven,
  account,
}: LinkingFacts<Account>): Linking<Account> {
  if (email === null) return { kind: 'refuse', reason: 'address_missing' };
  if (!account) return { kind: 'register', email, emailVerified: emailProven };
  if (!emailProven) return TAKEN;
  if (!account.emailVerified) return { kind: 'reclaim', account };
  return account.hasOtherIdentity ? TAKEN : { kind: 'link', account };
}
