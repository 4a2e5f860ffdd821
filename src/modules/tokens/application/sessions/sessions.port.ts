import type { SessionId, TenantId, UserId } from '../../../../kernel/ids';
import type { RevocationReason, Session } from '../../domain/session';

/** The store of sessions. */
export abstract class Sessions {
  abstract add(session: Session): Promise<void>;
  abstract save(session: Session): Promise<void>;

  /** For the bearer of the session's own token. Holds the row until the unit of work ends. */
  abstract take(id: SessionId): Promise<Session | null>;

  /** For its user alone: null when it is somebody else's. Holds the row likewise. */
  abstract takeOf(userId: UserId, id: SessionId): Promise<Session | null>;

  /** Holds all open sessions of a user, in one order for everybody, until the unit of work ends. */
  abstract holdAllOf(userId: UserId): Promise<readonly SessionId[]>;

  /**
   * Ends all open sessions of a user but `kept`; closed ones keep their reason. Waits for whoever holds one of them.
   * Returns how many were open.
   */
  abstract revokeAllOf(userId: UserId, kept: SessionId | null, reason: RevocationReason, at: Date): Promise<number>;

  /** Ends all open sessions of a user whose active tenant is that one; likewise. Returns how many were open. */
  abstract revokeAllIn(tenantId: TenantId, userId: UserId, reason: RevocationReason, at: Date): Promise<number>;

  /** Ends all open sessions, of whichever user, whose active tenant is that one. Returns how many were open. */
  abstract revokeAllOfTenant(tenantId: TenantId, reason: RevocationReason, at: Date): Promise<number>;

  /** Lets the session go on under the security stamp its user has by now. */
  abstract renewStamp(id: SessionId): Promise<void>;

  /** Forgets all sessions of a user, whatever became of them. */
  abstract removeAllOf(userId: UserId): Promise<void>;

  /** Forgets all sessions whose active tenant is that one. */
  abstract removeAllIn(tenantId: TenantId): Promise<void>;

  /** Forgets up to `limit` sessions that ended before that instant, passing over those that somebody holds. */
  abstract removeEnded(before: Date, limit: number): Promise<number>;
}
