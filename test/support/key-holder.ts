import { generateKeyPairSync } from 'node:crypto';
import { decode, type JwtPayload, sign } from 'jsonwebtoken';

export type Changes = { readonly claims?: JwtPayload; readonly header?: Readonly<Record<string, unknown>> };

/** Somebody who holds the signing key of a service: what they make is perfect but for the one thing they change. */
export class KeyHolder {
  private readonly key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  /** The settings of a service that signs with this key. */
  readonly variables = { JWT_PRIVATE_KEY: this.key.export({ format: 'pem', type: 'pkcs8' }) as string };

  /** The token again, with other claims or headers. */
  altered(token: string, { claims = {}, header = {} }: Changes): string {
    const { payload, header: former } = decode(token, { complete: true }) as {
      payload: JwtPayload;
      header: { typ: string; kid: string };
    };
    return sign({ ...payload, ...claims }, this.key, {
      algorithm: 'ES256',
      header: { ...former, ...header, alg: 'ES256' },
    });
  }

  /** As if the user had signed in that long ago. */
  ofAnOldSignIn(token: string, seconds = 86_400): string {
    return this.altered(token, { claims: { auth_time: Number(claimsOf(token).auth_time) - seconds } });
  }

  /** As if its time were just over. */
  expired(token: string): string {
    return this.altered(token, { claims: { exp: Math.floor(Date.now() / 1000) - 1 } });
  }
}

/** What an access token says. Whether it is true is for the test to find out. */
export function claimsOf(token: string): JwtPayload {
  return decode(token) as JwtPayload;
}
