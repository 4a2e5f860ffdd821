import { Injectable } from '@nestjs/common';
import { ProcessSettings } from '../../../../platform/config/settings';
import { Random } from '../../../../platform/crypto/random';
import type { Opening } from '../providers/identity-provider.port';

const SECRET_BYTES = 32;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** What sign-ins at identity providers are begun with: secrets of 256 random bits each, in base64url. */
@Injectable()
export class Openings {
  constructor(
    private readonly random: Random,
    private readonly settings: ProcessSettings,
  ) {}

  draw(provider: string): Opening {
    const [state, nonce, codeVerifier] = [this.secret(), this.secret(), this.secret()];
    return { state, nonce, codeVerifier, redirectUri: this.redirectUriOf(provider) };
  }

  /** One for each provider, so that no provider's answer is taken for another's (RFC 9700, 4.4.2.2). */
  redirectUriOf(provider: string): string {
    return `${this.settings.publicUrl}/api/v1/auth/oauth/${provider}/callback`;
  }

  /** What the browser shows, if it can be one of ours; else a new one. Two tabs of one browser share it. */
  browserSecret(shown: string | null): string {
    return shown !== null && SECRET.test(shown) ? shown : this.secret();
  }

  /** Of the transaction it is kept in. */
  id(now: Date): string {
    return this.random.uuid(now);
  }

  private secret(): string {
    return this.random.bytes(SECRET_BYTES).toString('base64url');
  }
}
