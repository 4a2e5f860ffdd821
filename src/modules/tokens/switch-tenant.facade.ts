import { Injectable } from '@nestjs/common';
import type { SessionId } from '../../kernel/ids';
import { RefreshTokenCodec } from './application/refresh-token-codec.port';
import { type SwitchInput, SwitchTenant } from './application/sessions/switch-tenant';
import type { TokenPair } from './application/token-pairs';

export type { SwitchInput };

/** How other flows lead a session into another tenant of its user. */
@Injectable()
export class SwitchTenantFacade {
  constructor(
    private readonly switching: SwitchTenant,
    private readonly codec: RefreshTokenCodec,
  ) {}

  /** Not within a unit of work. Throws NotFound, TenantSuspended, and AccessTokenRefused when the session ended meanwhile. */
  execute(input: SwitchInput): Promise<TokenPair> {
    return this.switching.execute(input);
  }

  /** The session a refresh token says it is of; null for text that is none. Proves nothing. */
  sessionNamedBy(refreshToken: string): SessionId | null {
    return this.codec.open(refreshToken)?.sessionId ?? null;
  }
}
