import { IsIn, IsOptional } from 'class-validator';
import type { SessionId } from '../../../kernel/ids';
import type { SessionView } from '../application/sessions/session-queries';

/** One sign-in of the caller that is in force. */
export class SessionResponse {
  id!: string;
  /** Where it was last used from. */
  ip_address!: string | null;
  user_agent!: string | null;
  /** @example "Firefox on Windows" */
  device!: string;
  created_at!: string;
  /** Some seconds late. */
  last_seen_at!: string;
  /** When it ends, unless it is refreshed before. */
  expires_at!: string;
  /** Whether it is the one this request came with. */
  current!: boolean;
  /**
   * How its user signed in (RFC 8176).
   * @example ["pwd"]
   */
  amr!: string[];

  static from(view: SessionView, device: string, current: SessionId | null, now: Date): SessionResponse {
    const isCurrent = view.id === current;
    return Object.assign(new SessionResponse(), {
      id: view.id,
      ip_address: view.ipAddress,
      user_agent: view.userAgent,
      device,
      created_at: view.createdAt.toISOString(),
      last_seen_at: (isCurrent ? now : view.lastSeenAt).toISOString(),
      expires_at: view.expiresAt.toISOString(),
      current: isCurrent,
      amr: [...view.authenticationMethods],
    });
  }
}

export class SessionsResponse {
  items!: SessionResponse[];
}

export class EndSessionsQuery {
  /** Keep the session this request came with; without, that ends too. */
  @IsOptional()
  @IsIn(['current'])
  except?: string;
}

export class EndSessionsResponse {
  /** How many were in force until now. */
  revoked!: number;

  static from(revoked: number): EndSessionsResponse {
    return Object.assign(new EndSessionsResponse(), { revoked });
  }
}
