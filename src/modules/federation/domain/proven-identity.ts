/** Who somebody is, as an identity provider says. */
export type ProvenIdentity = {
  readonly issuer: string;
  /** Never reassigned, and 1 to 255 characters (OpenID Connect Core 1.0, 2). */
  readonly subject: string;
  /** null: the provider tells none, or none that can be an address here. */
  readonly email: string | null;
  /** Whether the provider has seen that the address is theirs, and is one whose word is taken for that (OA-04). */
  readonly emailProven: boolean;
  readonly firstName: string | null;
  readonly lastName: string | null;
};
