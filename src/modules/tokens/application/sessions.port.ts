import type { SessionId, UserId } from '../../../kernel/ids';
import type { RevocationReason, Session } from '../domain/session';

/** The store of sessions. */
export abstract class Sessions {
  abstract add(session: Session): Promise<void>;
  abstract save(session: Session): Promise<void>;

  /** For the bearer of the session's own token. Holds the row until the unit of work ends. */
  abstract take(id: SessionId): Promise<Session | null>;

  /**
   * Ends all open sessions of a user but `kept`; closed ones keep their reason. Waits for whoever holds one of them.
   * Returns how many were open.
   */
  abstract revokeAllOf(userId: UserId, kept: SessionId | null, reason: RevocationReason, at: Date): Promise<number>;
}
