import type { SessionId, UserId } from '../../../../kernel/ids';

/** A session as its user sees it in a list. Nothing in it is a secret or opens anything. */
export type SessionView = {
  readonly id: SessionId;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  /** When it ends by itself, unless it is refreshed. */
  readonly expiresAt: Date;
  readonly authenticationMethods: readonly string[];
};

/** Reads of sessions. */
export abstract class SessionQueries {
  /** Those of a user that are in force, the one last seen first; at most 200. */
  abstract listOf(userId: UserId, now: Date): Promise<readonly SessionView[]>;
}
