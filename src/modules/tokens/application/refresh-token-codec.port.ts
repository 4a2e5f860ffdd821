import type { SessionId } from '../../../kernel/ids';
import type { SessionState } from '../domain/session';

/** A refresh token taken apart. Nothing in it is proven yet. */
export type PresentedRefreshToken = {
  readonly sessionId: SessionId;
  readonly generation: number;
  readonly proof: Uint8Array;
};

/** Refresh tokens that prove themselves: version, session, generation, HMAC. */
export abstract class RefreshTokenCodec {
  /** The session's current token. The same state always gives the same token. */
  abstract seal(session: SessionState): string;

  /** Takes a token apart without looking anything up; null for text that cannot be one. */
  abstract open(token: string): PresentedRefreshToken | null;

  /** Whether we issued this very token for this session, at some time. */
  abstract isAuthentic(token: PresentedRefreshToken, session: SessionState): boolean;
}
