import { Injectable } from '@nestjs/common';
import { sign } from 'jsonwebtoken';
import { AccessTokenSigner } from '../application/access-token-signer.port';
import { ACCESS_TOKEN_TYPE, type AccessTokenClaims } from '../domain/access-token-claims';
import { StoredSigningKeys } from './stored-signing-keys';

@Injectable()
export class JwtAccessTokenSigner extends AccessTokenSigner {
  constructor(private readonly keys: StoredSigningKeys) {
    super();
  }

  sign(claims: AccessTokenClaims): string {
    const { kid, algorithm, key } = this.keys.current;
    // Claims carry their own iat and exp; a KeyObject, for a PEM would be parsed anew each time.
    return sign(claims, key, { algorithm, header: { alg: algorithm, typ: ACCESS_TOKEN_TYPE, kid } });
  }
}
