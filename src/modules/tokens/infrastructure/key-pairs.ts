import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint } from 'jose';
import type { SigningAlgorithm } from '../../../platform/config/settings';
import type { PublicJwk } from '../application/signing-keys.port';

export type AsymmetricAlgorithm = Exclude<SigningAlgorithm, 'HS256'>;
export type KeyPair = { readonly privateKey: KeyObject; readonly jwk: PublicJwk };

const GENERATED_RSA_BITS = 3072;
const generate = promisify(generateKeyPair);

/** A new pair for the algorithm (RFC 7518): P-256 for ES256, RSA with 3072 bits for the others. */
export async function makeKeyPair(algorithm: AsymmetricAlgorithm): Promise<KeyPair> {
  const { privateKey } =
    algorithm === 'ES256'
      ? await generate('ec', { namedCurve: 'P-256' })
      : await generate('rsa', { modulusLength: GENERATED_RSA_BITS });
  return pairOf(privateKey, algorithm);
}

/** A private key somebody brought, in PEM. The settings have seen that it fits the algorithm. */
export function importKeyPair(pem: string, algorithm: AsymmetricAlgorithm): Promise<KeyPair> {
  return pairOf(createPrivateKey(pem), algorithm);
}

/** The id of a key is its thumbprint (RFC 7638): the same key has the same id wherever it is loaded. */
async function pairOf(privateKey: KeyObject, algorithm: AsymmetricAlgorithm): Promise<KeyPair> {
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' }) as Record<string, string>;
  const kid = await calculateJwkThumbprint(jwk);
  return { privateKey, jwk: { ...jwk, kid, alg: algorithm, use: 'sig' } };
}
