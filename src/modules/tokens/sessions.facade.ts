import { Injectable } from '@nestjs/common';
import type { SessionId } from '../../kernel/ids';
import { RefreshTokenCodec } from './application/refresh-token-codec.port';
import { EndSession } from './application/sessions/end-session';
import { type SwitchInput, SwitchTenant } from './application/sessions/switch-tenant';
import type { TokenPair } from './application/token-pairs';

export type { SwitchInput };

/** What other flows do with a session there is. Not within a unit of work. */
@Injectable()
export class SessionsFacade {
  constructor(
    private readonly switching: SwitchTenant,
    private readonly ending: EndSession,
    private readonly codec: RefreshTokenCodec,
  ) {}

  /** Leads it into another tenant of its user. Throws NotFound, TenantSuspended, AccessTokenRefused when it ended meanwhile. */
  switchTenant(input: SwitchInput): Promise<TokenPair> {
    return this.switching.execute(input);
  }

  /** Signs it out. Ending an ended session is no error. */
  end(session: SessionId): Promise<void> {
    return this.ending.executeById(session);
  }

  /** The session a refresh token says it is of; null for text that is none. Proves nothing. */
  sessionNamedBy(refreshToken: string): SessionId | null {
    return this.codec.open(refreshToken)?.sessionId ?? null;
  }
}
