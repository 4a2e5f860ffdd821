import type { TenantId, UserId } from '../../../../kernel/ids';
import type { Invitation } from '../../domain/invitation';
import type { InvitationId } from '../../domain/invitation-id';

/** The store of invitations. What is taken is held until the unit of work ends. */
export abstract class Invitations {
  /** Holds the tenant, which comes after its invitations. False: it lets nobody in, or is no more. */
  abstract holdTenant(tenantId: TenantId): Promise<boolean>;

  /**
   * There is at most one for an address in a tenant that was neither accepted nor revoked. Throws NotFound: no such
   * tenant or role.
   */
  abstract add(invitation: Invitation): Promise<void>;
  abstract save(invitation: Invitation): Promise<void>;

  /** null unless the invitation is to that tenant. */
  abstract takeIn(tenantId: TenantId, id: InvitationId): Promise<Invitation | null>;

  /** All there are to an address, of whichever tenant and whatever became of them, always in the same order. */
  abstract takeAllOf(emailKey: Uint8Array): Promise<readonly Invitation[]>;

  /** Of whichever tenant: for the bearer of what was mailed. */
  abstract takeByToken(tokenHash: Uint8Array): Promise<Invitation | null>;

  /** All that are pending at that instant, of whichever tenant, always in the same order. */
  abstract takePendingOf(emailKey: Uint8Array, now: Date): Promise<readonly Invitation[]>;

  /** All a user sent last that were neither accepted nor revoked, of whichever tenant, always in the same order. */
  abstract takeOpenBy(user: UserId): Promise<readonly Invitation[]>;

  /** Removes all to a mailbox, and all a user accepted, waiting for whoever is accepting one. */
  abstract removeAllOf(user: UserId, emailKey: Uint8Array): Promise<void>;

  /** Removes up to so many that ended before that instant, waiting for nobody. Returns how many. */
  abstract removeEnded(before: Date, limit: number): Promise<number>;
}
