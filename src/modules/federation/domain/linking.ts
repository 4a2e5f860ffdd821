/** The account that has the address an identity provider tells of. */
export type AccountOfAddress = {
  /** Whether its user has shown that the mailbox is theirs. */
  readonly emailVerified: boolean;
  /** Whether an identity of the same issuer opens it already, which is another one. */
  readonly hasOtherIdentity: boolean;
};

export type LinkingFacts = {
  /** Whether the identity opens an account already. */
  readonly known: boolean;
  readonly hasAddress: boolean;
  /** Whether the provider has seen that the address is theirs, and is trusted in that. */
  readonly addressProven: boolean;
  /** null: no account has the address. */
  readonly account: AccountOfAddress | null;
};

export type Linking =
  | { readonly kind: 'enter' }
  | { readonly kind: 'register'; readonly emailVerified: boolean }
  | { readonly kind: 'link' }
  /** Whoever made the account never showed that the mailbox is theirs; who comes now does. */
  | { readonly kind: 'reclaim' }
  | { readonly kind: 'refuse'; readonly reason: 'address_missing' | 'address_taken' };

const TAKEN = { kind: 'refuse', reason: 'address_taken' } as const;

/**
 * What an identity of another issuer opens. It is known by issuer and subject (OA-03). Its address alone leads to an account
 * only where all three are sure of it: a trusted provider, the provider's own check, and the account (OA-04). Where the
 * account alone is not, it belongs to whom the provider vouches for, without anything of before (RC-09).
 */
export function linkingOf({ known, hasAddress, addressProven, account }: LinkingFacts): Linking {
  if (known) return { kind: 'enter' };
  if (!hasAddress) return { kind: 'refuse', reason: 'address_missing' };
  if (!account) return { kind: 'register', emailVerified: addressProven };
  if (!addressProven) return TAKEN;
  if (!account.emailVerified) return { kind: 'reclaim' };
  return account.hasOtherIdentity ? TAKEN : { kind: 'link' };
}
