import type { KeyObject } from 'node:crypto';
import type { SigningAlgorithm } from '../../../../platform/config/settings';
import type { PublicJwk } from './key-material.port';

/** A key to check signatures with, and the one algorithm it is for: a token's header never chooses. */
export type VerificationKey = { readonly algorithm: SigningAlgorithm; readonly key: KeyObject };

export type SigningKey = VerificationKey & { readonly kid: string };

/**
 * The keys access tokens are signed with, as of at most a second ago. Not to be asked within a unit of work: the answer
 * may need a connection of its own.
 */
export abstract class SigningKeys {
  /** The key to sign with. Throws when there is none yet. */
  abstract current(): Promise<SigningKey>;

  /** The key of that id, if it is one of ours and not retired. */
  abstract find(kid: string): Promise<VerificationKey | null>;

  /** Every key a token in use may be or become signed with; empty when the secret is shared (HS256). */
  abstract published(): Promise<readonly PublicJwk[]>;

  /** This process changed the keys: it believes nothing it read before. */
  abstract forget(): void;
}
