import type { SessionId, TenantId, UserId } from '../../../kernel/ids';

export type RevocationReason = 'signed_out' | 'token_reuse' | 'password_changed';

/** Everything that is persisted, and nothing else. */
export type SessionState = {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly tenantId: TenantId;
  /** 32 random bytes: half of the key of the session's refresh tokens. */
  readonly secret: Uint8Array;
  /** The counter of the refresh token that is current; the first is 1. */
  readonly generation: number;
  /** RFC 8176: `pwd`, `otp`, … */
  readonly authenticationMethods: string[];
  readonly authenticatedAt: Date;
  readonly createdAt: Date;
  readonly rotatedAt: Date;
  readonly idleExpiresAt: Date;
  readonly expiresAt: Date;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly revokedAt: Date | null;
  readonly revokedFor: RevocationReason | null;
};

export type Lifetimes = {
  readonly graceSeconds: number;
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
};

export type NewSession = Pick<
  SessionState,
  'id' | 'userId' | 'tenantId' | 'secret' | 'authenticationMethods' | 'ipAddress' | 'userAgent'
>;

export type Rotation =
  | { readonly kind: 'rotated' }
  | { readonly kind: 'repeated' }
  | { readonly kind: 'refused'; readonly reason: 'revoked' | 'expired' }
  | { readonly kind: 'reuse_detected' };

const later = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1000);

/** One sign-in on one device, until it is signed out, expires, or its refresh token turns up twice. */
export class Session {
  private constructor(private state: SessionState) {}

  static restore(state: SessionState): Session {
    return new Session({ ...state });
  }

  static start(session: NewSession, { idleSeconds, absoluteSeconds }: Lifetimes, now: Date): Session {
    return new Session({
      ...session,
      generation: 1,
      authenticatedAt: now,
      createdAt: now,
      rotatedAt: now,
      idleExpiresAt: later(now, Math.min(idleSeconds, absoluteSeconds)),
      expiresAt: later(now, absoluteSeconds),
      revokedAt: null,
      revokedFor: null,
    });
  }

  /**
   * Trades a refresh token for its successor (RFC 9700, 4.14.2). `presented` is authentic: a generation we once issued.
   * The predecessor, shortly after a rotation, repeats the answer its client may never have received; anything older
   * is in two hands, and the session ends.
   */
  rotate(presented: number, { graceSeconds, idleSeconds }: Lifetimes, now: Date): Rotation {
    const { generation, rotatedAt, expiresAt, idleExpiresAt, revokedAt } = this.state;
    if (revokedAt) return { kind: 'refused', reason: 'revoked' };
    if (now >= expiresAt || now >= idleExpiresAt) return { kind: 'refused', reason: 'expired' };

    if (presented === generation) {
      const idle = later(now, idleSeconds);
      const idleExpires = idle < expiresAt ? idle : expiresAt;
      this.state = { ...this.state, generation: generation + 1, rotatedAt: now, idleExpiresAt: idleExpires };
      return { kind: 'rotated' };
    }
    // Who waited for the row may have an older instant than who held it: no time has passed then.
    const elapsedMs = Math.max(0, now.getTime() - rotatedAt.getTime());
    if (presented === generation - 1 && elapsedMs < graceSeconds * 1000) {
      return { kind: 'repeated' };
    }
    this.revoke('token_reuse', now);
    return { kind: 'reuse_detected' };
  }

  /** Returns whether the session was open until now. */
  revoke(reason: RevocationReason, now: Date): boolean {
    if (this.state.revokedAt) return false;
    this.state = { ...this.state, revokedAt: now, revokedFor: reason };
    return true;
  }

  snapshot(): SessionState {
    return this.state;
  }
}
