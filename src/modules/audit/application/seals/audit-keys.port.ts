/** A key that seals are signed with (Ed25519, RFC 8032). */
export type AuditKey = {
  /** The thumbprint of its public half. */
  readonly id: string;
  /** PEM. */
  readonly publicKey: string;
  readonly verifies: (bytes: Uint8Array, signature: Uint8Array) => boolean;
};

export type AuditSigningKey = AuditKey & { readonly sign: (bytes: Uint8Array) => Uint8Array };

/**
 * The keys of the audit log. A key is ours only when its private half is in a box that our MASTER_KEY opens: whoever may
 * write to the table cannot add one.
 */
export abstract class AuditKeys {
  /** The key to sign with, made when there is none. Within a unit of work. Throws SealBroken. */
  abstract toSign(): Promise<AuditSigningKey>;

  /** null: there is no such key, or it is none of ours. */
  abstract find(id: string): Promise<AuditKey | null>;

  /** All of ours, the one that signs first. */
  abstract list(): Promise<readonly AuditKey[]>;
}
