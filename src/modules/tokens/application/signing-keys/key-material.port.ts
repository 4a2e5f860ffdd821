import type { KeyObject } from 'node:crypto';
import type { SigningAlgorithm } from '../../../../platform/config/settings';

/** The public half of a signing key, as in a JWK set (RFC 7517). */
export type PublicJwk = Readonly<Record<string, string>> & { readonly kid: string; readonly alg: string };

export type AsymmetricAlgorithm = Exclude<SigningAlgorithm, 'HS256'>;

/** Both halves of a signing key. */
export type KeyMaterial = {
  /** The thumbprint of the public half (RFC 7638): the same key has the same id wherever it is loaded. */
  readonly kid: string;
  readonly algorithm: AsymmetricAlgorithm;
  readonly privateKey: KeyObject;
  readonly jwk: PublicJwk;
};

/** Where signing keys come from. */
export abstract class KeyMaker {
  /** A new one. Takes up to a second for RSA. */
  abstract make(algorithm: AsymmetricAlgorithm): Promise<KeyMaterial>;

  /** One that somebody brought, in PEM, and that the settings have seen to fit the algorithm. */
  abstract import(pem: string, algorithm: AsymmetricAlgorithm): Promise<KeyMaterial>;
}
