import type { RoleId, TenantId, UserId } from '../../../kernel/ids';
import type { InvitationId } from './invitation-id';

/** Everything that is persisted, and nothing else. */
export type InvitationState = {
  readonly id: InvitationId;
  readonly tenantId: TenantId;
  /** What the invited user is to hold there. */
  readonly roleId: RoleId;
  readonly email: string;
  /** 32 bytes by which two spellings of the address are one. */
  readonly emailKey: Uint8Array;
  /** Whose rights it rests on, then and when it is accepted. */
  readonly invitedBy: UserId;
  /** 32 bytes that the mailed link gives. */
  readonly tokenHash: Uint8Array;
  /** 32 bytes that the mailed code gives. */
  readonly codeHash: Uint8Array;
  /** Wrong codes so far, those that were tried on other invitations of the address lately too. */
  readonly codeFailures: number;
  readonly createdAt: Date;
  /** When the mail that counts was written. */
  readonly sentAt: Date;
  readonly expiresAt: Date;
  /** No later than the link ends. */
  readonly codeExpiresAt: Date;
  readonly acceptedAt: Date | null;
  readonly acceptedBy: UserId | null;
  readonly revokedAt: Date | null;
};

/** What is kept of what was mailed, and until when it is good. */
export type InvitationSecret = Pick<InvitationState, 'tokenHash' | 'codeHash' | 'expiresAt' | 'codeExpiresAt'>;

export type NewInvitation = Pick<
  InvitationState,
  'id' | 'tenantId' | 'roleId' | 'email' | 'emailKey' | 'invitedBy' | keyof InvitationSecret
>;

export type InvitationStatus = 'pending' | 'accepted' | 'revoked' | 'expired';

/** `code_expired` and `too_many_wrong_codes`: no code opens it, right or not. */
export type CodeTrial = 'right' | 'wrong_code' | 'code_expired' | 'too_many_wrong_codes';

/** How many wrong codes there may be. The link is good all the same: nobody guesses that. */
export const CODE_TRIES = 5;
/** A code that makes a verified account is short-lived, whatever the link is. */
const CODE_SECONDS = 900;
/** For how long wrong codes are held against whatever is mailed next. */
const REMEMBERED_SECONDS = 86_400;
/** How long one that ended is still shown to its tenant. */
const KEPT_DAYS = 30;

/** Somebody's place in a tenant with a role, for whoever reads the mail that was sent to one address. */
export class Invitation {
  private constructor(private state: InvitationState) {}

  static restore(state: InvitationState): Invitation {
    return new Invitation({ ...state });
  }

  /** `wrongCodes`: how many the address has against it; inviting it again buys no further guesses. */
  static issue(invitation: NewInvitation, wrongCodes: number, now: Date): Invitation {
    const open = { codeFailures: wrongCodes, acceptedAt: null, acceptedBy: null, revokedAt: null };
    return new Invitation({ ...invitation, ...open, createdAt: now, sentAt: now });
  }

  isOf(tenantId: TenantId, id: InvitationId): boolean {
    return this.state.tenantId === tenantId && this.state.id === id;
  }

  status(now: Date): InvitationStatus {
    return invitationStatus(this.state, now);
  }

  /** Whether it is by this secret that it was mailed last. */
  isSealedBy(tokenHash: Uint8Array): boolean {
    const own = this.state.tokenHash;
    return own.length === tokenHash.length && own.every((byte, index) => byte === tokenHash[index]);
  }

  /**
   * Puts another secret in the place of the one that was mailed, which is good for nothing from now on. Wrong codes are not
   * forgiven, neither its own nor the `wrongCodes` of the address, or whoever has it sent again would buy guesses. From now
   * on it rests on the rights of whoever sends it. False: it was accepted or revoked.
   */
  renew(secret: InvitationSecret, { by, wrongCodes }: { by: UserId; wrongCodes: number }, now: Date): boolean {
    if (this.state.acceptedAt || this.state.revokedAt) return false;
    const { tokenHash, codeHash, expiresAt, codeExpiresAt } = secret;
    const codeFailures = Math.max(this.state.codeFailures, wrongCodes);
    const sent = { tokenHash, codeHash, expiresAt, codeExpiresAt, sentAt: now };
    this.state = { ...this.state, ...sent, codeFailures, invitedBy: by };
    return true;
  }

  /** Decides about a code that was typed. A wrong one counts; after so many of them, or its time, none opens it. */
  tryCode(isRight: boolean, now: Date): CodeTrial {
    const { codeFailures, codeExpiresAt } = this.state;
    if (codeFailures >= CODE_TRIES) return 'too_many_wrong_codes';
    if (now >= codeExpiresAt) return 'code_expired';
    if (isRight) return 'right';
    this.state = { ...this.state, codeFailures: codeFailures + 1 };
    return 'wrong_code';
  }

  /** False: it is not pending. */
  accept(by: UserId, now: Date): boolean {
    if (this.status(now) !== 'pending') return false;
    this.state = { ...this.state, acceptedAt: now, acceptedBy: by };
    return true;
  }

  /** False: it was accepted, or revoked before. One that has expired may be revoked: it could be sent again. */
  revoke(now: Date): boolean {
    if (this.state.acceptedAt || this.state.revokedAt) return false;
    this.state = { ...this.state, revokedAt: now };
    return true;
  }

  snapshot(): InvitationState {
    return this.state;
  }
}

export function invitationStatus(
  { acceptedAt, revokedAt, expiresAt }: Pick<InvitationState, 'acceptedAt' | 'revokedAt' | 'expiresAt'>,
  now: Date,
): InvitationStatus {
  if (acceptedAt) return 'accepted';
  if (revokedAt) return 'revoked';
  return now >= expiresAt ? 'expired' : 'pending';
}

/** Until when a link and a code that are mailed at an instant are good. */
export function lifeOf(linkSeconds: number, now: Date): Pick<InvitationState, 'expiresAt' | 'codeExpiresAt'> {
  const after = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
  return { expiresAt: after(linkSeconds), codeExpiresAt: after(Math.min(linkSeconds, CODE_SECONDS)) };
}

/** How many wrong codes an address has against it, of all its invitations: the most of any that was sent in the last day. */
export function wrongCodesOf(invitations: readonly Invitation[], now: Date): number {
  const since = now.getTime() - REMEMBERED_SECONDS * 1000;
  const recent = invitations.map((one) => one.snapshot()).filter(({ sentAt }) => sentAt.getTime() > since);
  return Math.max(0, ...recent.map(({ codeFailures }) => codeFailures));
}

/** What ended before that is forgotten. */
export function keptSince(now: Date): Date {
  return new Date(now.getTime() - KEPT_DAYS * 86_400_000);
}
