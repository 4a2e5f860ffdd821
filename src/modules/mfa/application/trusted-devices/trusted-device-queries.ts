import type { TenantId, UserId } from '../../../../kernel/ids';

/** A device that is trusted, as its user sees it. */
export type TrustedDeviceView = {
  readonly id: string;
  readonly name: string;
  readonly ipAddress: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date;
  /** Whether it is the one that asks. */
  readonly current: boolean;
};

/** Reads of devices. Those that are trusted no more are not there. */
export abstract class TrustedDeviceQueries {
  /** Of a user in a tenant, newest first. `deviceToken` is what the device that asks shows; null: nothing. */
  abstract listOf(
    tenantId: TenantId,
    userId: UserId,
    deviceToken: string | null,
    now: Date,
  ): Promise<readonly TrustedDeviceView[]>;
}
