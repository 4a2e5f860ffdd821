import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { calculateJwkThumbprint } from 'jose';
import { type AsymmetricAlgorithm, KeyMaker, type KeyMaterial } from '../../application/signing-keys/key-material.port';

const GENERATED_RSA_BITS = 3072;
const generate = promisify(generateKeyPair);

/** P-256 for ES256, Ed25519 for EdDSA, RSA with 3072 bits for the others (RFC 7518, 8037). */
@Injectable()
export class NodeKeyMaker extends KeyMaker {
  /** Its id never begins with a hyphen: at a command line it would be taken for an option. */
  async make(algorithm: AsymmetricAlgorithm): Promise<KeyMaterial> {
    const material = await materialOf(await privateKeyFor(algorithm), algorithm);
    return material.kid.startsWith('-') ? this.make(algorithm) : material;
  }

  import(pem: string, algorithm: AsymmetricAlgorithm): Promise<KeyMaterial> {
    return materialOf(createPrivateKey(pem), algorithm);
  }
}

async function privateKeyFor(algorithm: AsymmetricAlgorithm): Promise<KeyObject> {
  if (algorithm === 'ES256') return (await generate('ec', { namedCurve: 'P-256' })).privateKey;
  if (algorithm === 'EdDSA') return (await generate('ed25519')).privateKey;
  return (await generate('rsa', { modulusLength: GENERATED_RSA_BITS })).privateKey;
}

async function materialOf(privateKey: KeyObject, algorithm: AsymmetricAlgorithm): Promise<KeyMaterial> {
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' }) as Record<string, string>;
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, algorithm, privateKey, jwk: { ...jwk, kid, alg: algorithm, use: 'sig' } };
}
