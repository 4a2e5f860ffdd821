import type { KeyObject } from 'node:crypto';
import type { SigningAlgorithm } from '../../../platform/config/settings';

/** The public half of a signing key, as in a JWK set (RFC 7517). */
export type PublicJwk = Readonly<Record<string, string>> & { readonly kid: string; readonly alg: string };

/** A key to check signatures with, and the one algorithm it is for: a token's header never chooses. */
export type VerificationKey = { readonly algorithm: SigningAlgorithm; readonly key: KeyObject };

/** The keys access tokens are signed with. */
export abstract class SigningKeys {
  /** Makes sure there is a current key for the algorithm of the settings; safe to call from many processes at once. */
  abstract prepare(): Promise<void>;

  /** The key of that id, if it is one of ours. */
  abstract find(kid: string): Promise<VerificationKey | null>;

  /** Every key a token in use may be signed with; empty when the secret is shared (HS256). */
  abstract publicKeys(): Promise<readonly PublicJwk[]>;
}
