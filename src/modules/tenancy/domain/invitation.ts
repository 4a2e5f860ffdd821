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
  readonly codeFailures: number;
  readonly createdAt: Date;
  /** When the mail that counts was written. */
  readonly sentAt: Date;
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
  readonly acceptedBy: UserId | null;
  readonly revokedAt: Date | null;
};

/** What is kept of what was mailed, and until when it is good. */
export type InvitationSecret = Pick<InvitationState, 'tokenHash' | 'codeHash' | 'expiresAt'>;

export type NewInvitation = Pick<
  InvitationState,
  'id' | 'tenantId' | 'roleId' | 'email' | 'emailKey' | 'invitedBy' | keyof InvitationSecret
>;

export type InvitationStatus = 'pending' | 'accepted' | 'revoked' | 'expired';

/** How many wrong codes there may be. The link is good all the same: nobody guesses that. */
export const CODE_TRIES = 5;
/** How long one that ended is still shown to its tenant. */
const KEPT_DAYS = 30;

/** Somebody's place in a tenant with a role, for whoever reads the mail that was sent to one address. */
export class Invitation {
  private constructor(private state: InvitationState) {}

  static restore(state: InvitationState): Invitation {
    return new Invitation({ ...state });
  }

  static issue(invitation: NewInvitation, now: Date): Invitation {
    const open = { codeFailures: 0, acceptedAt: null, acceptedBy: null, revokedAt: null };
    return new Invitation({ ...invitation, ...open, createdAt: now, sentAt: now });
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
   * forgiven, or whoever has it sent again would buy guesses. False: it was accepted or revoked.
   */
  renew({ tokenHash, codeHash, expiresAt }: InvitationSecret, now: Date): boolean {
    if (this.state.acceptedAt || this.state.revokedAt) return false;
    this.state = { ...this.state, tokenHash, codeHash, expiresAt, sentAt: now };
    return true;
  }

  /** Whether a code opens it. A wrong one counts; after so many of them none does, right or not. */
  tryCode(isRight: boolean): boolean {
    if (this.state.codeFailures >= CODE_TRIES) return false;
    if (!isRight) this.state = { ...this.state, codeFailures: this.state.codeFailures + 1 };
    return isRight;
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

/** What ended before that is forgotten. */
export function keptSince(now: Date): Date {
  return new Date(now.getTime() - KEPT_DAYS * 86_400_000);
}
