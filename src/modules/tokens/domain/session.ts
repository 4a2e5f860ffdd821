import type { SessionId, TenantId, UserId } from '../../../kernel/ids';
import { DAY_SECONDS, later } from './later';

export type RevocationReason =
  | 'signed_out'
  | 'token_reuse'
  | 'password_changed'
  /** By mail. */
  | 'password_reset'
  | 'email_changed'
  /** The owner of the mailbox showed for the first time. */
  | 'account_reclaimed'
  /** A second factor was added or taken away. */
  | 'factors_changed'
  /** An identity of a provider opens the account no more. */
  | 'identity_unlinked'
  /** From the list of sessions. */
  | 'ended_by_user'
  /** By what an administrator of its tenant did to the user, or by the end of the account. */
  | 'ended_by_administrator'
  /** Its active tenant is suspended or deleted, or was. */
  | 'tenant_closed'
  /** RFC 7009. */
  | 'revoked_by_client';

/** How surely a user was known (NIST 800-63B): by one factor, or by two. */
export type AssuranceLevel = 'aal1' | 'aal2';

/** Everything that is persisted, and nothing else. */
export type SessionState = {
  readonly id: SessionId;
  readonly userId: UserId;
  /** The active tenant: the one the next access token is for. */
  readonly tenantId: TenantId;
  /** 32 random bytes: half of the key of the session's refresh tokens. */
  readonly secret: Uint8Array;
  /** The counter of the refresh token that is current; the first is 1. */
  readonly generation: number;
  /** RFC 8176: `pwd`, `otp`, … All that was proven in this session. */
  readonly authenticationMethods: string[];
  /** When the user last proved who they are. */
  readonly authenticatedAt: Date;
  /**
   * The tenant for which a trusted device stood in for the second factor at sign-in; null: none did. It is spared there
   * alone.
   */
  readonly deviceTrustedIn: TenantId | null;
  /** When a second factor was last shown in it, or set up in it; null: never. */
  readonly factorShownAt: Date | null;
  /** The surest in which its user was ever known: what the lifetimes follow. */
  readonly assurance: AssuranceLevel;
  /** The user's stamp as of sign-in; null in sessions of older versions. */
  readonly securityStamp: string | null;
  /** What the device looked like at sign-in: a version, a dot, and a hash. null: not known. */
  readonly deviceFingerprint: string | null;
  readonly createdAt: Date;
  readonly rotatedAt: Date;
  readonly idleExpiresAt: Date;
  readonly expiresAt: Date;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly revokedAt: Date | null;
  readonly revokedFor: RevocationReason | null;
};

export type Lifetimes = { readonly idleSeconds: number; readonly absoluteSeconds: number };

/** Whether a refresh token is good on a device that looks different from the one it was last used on. */
export type NewDevicePolicy = 'allow' | 'refuse';

export type RotationPolicy = {
  readonly graceSeconds: number;
  readonly idleSeconds: number;
  readonly newDevice: NewDevicePolicy;
  /** How many days of 24 hours after sign-in the tenant has it end; null: the settings alone say when. */
  readonly maxDays: number | null;
};

export type NewSession = Pick<
  SessionState,
  | 'id'
  | 'userId'
  | 'tenantId'
  | 'secret'
  | 'authenticationMethods'
  | 'deviceTrustedIn'
  | 'securityStamp'
  | 'deviceFingerprint'
  | 'ipAddress'
  | 'userAgent'
>;

export type Rotation =
  | { readonly kind: 'rotated'; readonly onNewDevice: boolean }
  | { readonly kind: 'repeated'; readonly onNewDevice: boolean }
  | { readonly kind: 'refused'; readonly reason: 'revoked' | 'expired' | 'new_device' }
  | { readonly kind: 'reuse_detected' };

/** What became of switching to another tenant. */
export type Switch = Exclude<Rotation, { readonly kind: 'reuse_detected' }>;

const earlier = (one: Date, other: Date): Date => (one < other ? one : other);

/** When a session of that sign-in ends in a tenant; never after `expiresAt`. */
function endInTenant(signedInAt: Date, maxDays: number | null, expiresAt: Date): Date {
  return maxDays === null ? expiresAt : earlier(expiresAt, later(signedInAt, maxDays * DAY_SECONDS));
}

const versionOf = (fingerprint: string): string | undefined => fingerprint.split('.')[0];

/** What first factors are called: a password, and an issuer that vouches for the user. Both together are still one. */
const FIRST_FACTORS: readonly string[] = ['pwd', 'fed'];

/** Two different kinds of proof are two factors; the same one twice is one. */
export function assuranceOf(methods: readonly string[]): AssuranceLevel {
  const kinds = new Set(methods.map((method) => (FIRST_FACTORS.includes(method) ? 'first' : method)));
  return kinds.size > 1 ? 'aal2' : 'aal1';
}

/** What proofs by a second factor are called (RFC 8176). */
const OF_FACTORS: readonly string[] = ['otp', 'sms', 'mfa'];

/** Whether a second factor is among what was proven (RFC 8176). */
const showsFactor = (methods: readonly string[]): boolean => methods.includes('mfa');

/**
 * Whether a session is good for nothing but what leads to a second factor: one is called for, by the tenant or because the
 * account has one, and the session has neither shown one nor been opened on a device that is trusted in that tenant.
 */
export function isConfined(assurance: AssuranceLevel, deviceTrusted: boolean, calledFor: boolean): boolean {
  return calledFor && assurance === 'aal1' && !deviceTrusted;
}

/** One sign-in on one device, until it is signed out, expires, or its refresh token turns up twice. */
export class Session {
  private constructor(private state: SessionState) {}

  static restore(state: SessionState): Session {
    return new Session({ ...state });
  }

  /** `maxDays` as in RotationPolicy. */
  static start(
    session: NewSession,
    { idleSeconds, absoluteSeconds }: Lifetimes,
    now: Date,
    maxDays: number | null = null,
  ): Session {
    const expiresAt = later(now, absoluteSeconds);
    return new Session({
      ...session,
      generation: 1,
      authenticatedAt: now,
      factorShownAt: showsFactor(session.authenticationMethods) ? now : null,
      assurance: assuranceOf(session.authenticationMethods),
      createdAt: now,
      rotatedAt: now,
      idleExpiresAt: earlier(later(now, idleSeconds), endInTenant(now, maxDays, expiresAt)),
      expiresAt,
      revokedAt: null,
      revokedFor: null,
    });
  }

  /**
   * Trades a refresh token for its successor (RFC 9700, 4.14.2). `presented` is authentic: a generation we once issued.
   * The predecessor, shortly after a rotation, repeats the answer its client may never have received; anything older
   * is in two hands, and the session ends. One that is newer than what is stored we issued too: a database that was
   * restored or failed over has lost the commit. `fingerprint` is what the presenting device looks like.
   */
  rotate(presented: number, fingerprint: string, policy: RotationPolicy, now: Date): Rotation {
    const { generation } = this.state;
    const end = this.endedAt(now);
    if (end) return { kind: 'refused', reason: end };

    const isCurrent = presented >= generation;
    const isRepeat = presented === generation - 1 && this.wasRotatedWithin(policy.graceSeconds, now);
    if (!isCurrent && !isRepeat) {
      this.revoke('token_reuse', now);
      return { kind: 'reuse_detected' };
    }
    const onNewDevice = this.isNewDevice(fingerprint);
    if (onNewDevice && policy.newDevice === 'refuse') return { kind: 'refused', reason: 'new_device' };
    if (isRepeat) return { kind: 'repeated', onNewDevice };
    this.advance(presented + 1, policy, now);
    return { kind: 'rotated', onNewDevice };
  }

  /**
   * Makes another tenant the active one. A new refresh token goes out with it: the old one becomes the predecessor, so
   * that whoever switches with a stolen access token is found out by the next refresh of the owner. A switch that was
   * made a moment ago is answered again to whoever still comes `from` the tenant of before.
   */
  switchTo(tenantId: TenantId, from: TenantId, fingerprint: string, policy: RotationPolicy, now: Date): Switch {
    const end = this.endedAt(now);
    if (end) return { kind: 'refused', reason: end };
    const onNewDevice = this.isNewDevice(fingerprint);
    if (onNewDevice && policy.newDevice === 'refuse') return { kind: 'refused', reason: 'new_device' };

    const isThere = this.state.tenantId === tenantId && from !== tenantId;
    if (isThere && this.wasRotatedWithin(policy.graceSeconds, now)) return { kind: 'repeated', onNewDevice };
    this.advance(this.state.generation + 1, policy, now);
    this.state = { ...this.state, tenantId };
    return { kind: 'rotated', onNewDevice };
  }

  /** The user has proven again, by `methods`, who they are; otherwise as `prove`. */
  reauthenticate(methods: readonly string[], ofTwoFactors: Lifetimes, now: Date): boolean {
    if (!this.prove(methods, ofTwoFactors, now)) return false;
    this.state = { ...this.state, authenticatedAt: now };
    return true;
  }

  /**
   * The user has proven more of who they are, by `methods`. A session that is by two factors from now on lives no
   * longer than such a one that begins now, and never longer than it would have. False: the session is over.
   */
  prove(methods: readonly string[], ofTwoFactors: Lifetimes, now: Date): boolean {
    if (this.endedAt(now)) return false;
    const authenticationMethods = [...new Set([...this.state.authenticationMethods, ...methods])];
    const factorShownAt = showsFactor(methods) ? now : this.state.factorShownAt;
    const isRaised = this.state.assurance === 'aal1' && assuranceOf(authenticationMethods) === 'aal2';
    this.state = { ...this.state, authenticationMethods, factorShownAt };
    if (isRaised) this.raise(ofTwoFactors, now);
    return true;
  }

  isOpen(now: Date): boolean {
    return this.endedAt(now) === null;
  }

  /** Its user has no second factor any more: what was proven by one counts no longer. Its ends stay where they are. */
  forgetFactors(): void {
    const authenticationMethods = this.state.authenticationMethods.filter((method) => !OF_FACTORS.includes(method));
    this.state = { ...this.state, authenticationMethods, factorShownAt: null };
  }

  /** Where it is used from by now. The fingerprint stays the one of sign-in. */
  usedFrom({ userAgent, ipAddress }: Pick<SessionState, 'userAgent' | 'ipAddress'>): void {
    this.state = { ...this.state, userAgent, ipAddress };
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

  private endedAt(now: Date): 'revoked' | 'expired' | null {
    const { expiresAt, idleExpiresAt, revokedAt } = this.state;
    if (revokedAt) return 'revoked';
    return now >= expiresAt || now >= idleExpiresAt ? 'expired' : null;
  }

  private wasRotatedWithin(seconds: number, now: Date): boolean {
    // Who waited for the row may have an older instant than who held it: no time has passed then.
    const elapsedMs = Math.max(0, now.getTime() - this.state.rotatedAt.getTime());
    return elapsedMs < seconds * 1000;
  }

  /** Fingerprints say how they were made; one made in another way is of no known device. */
  private isNewDevice(fingerprint: string): boolean {
    const known = this.state.deviceFingerprint;
    return known !== null && versionOf(known) === versionOf(fingerprint) && known !== fingerprint;
  }

  private raise({ idleSeconds, absoluteSeconds }: Lifetimes, now: Date): void {
    const expiresAt = earlier(this.state.expiresAt, later(now, absoluteSeconds));
    const idleExpiresAt = earlier(this.state.idleExpiresAt, earlier(expiresAt, later(now, idleSeconds)));
    this.state = { ...this.state, assurance: 'aal2', expiresAt, idleExpiresAt };
  }

  /**
   * The absolute end is no later than sign-in fixed it; only the idle one moves, and never beyond it, nor beyond what
   * the tenant allows. Another tenant may allow more.
   */
  private advance(generation: number, { idleSeconds, maxDays }: RotationPolicy, now: Date): void {
    const { createdAt, expiresAt } = this.state;
    const idleExpiresAt = earlier(later(now, idleSeconds), endInTenant(createdAt, maxDays, expiresAt));
    this.state = { ...this.state, generation, rotatedAt: now, idleExpiresAt };
  }
}
