import type { TenantId } from '../../../../kernel/ids';
import type { LoggedEvent } from '../../domain/seals/logged-event';

/** Numbers behind `behind`, up to and with `through`. */
export type Range = { readonly behind: number; readonly through: number };

/** The log as whoever seals and verifies it sees it, within the running scope. In the order of its numbers. */
export abstract class LoggedEvents {
  /** The highest number that can be seen and was given by the database; 0: none. */
  abstract newest(): Promise<number>;

  /** Those with numbers the database did not give, or that no seal can hold: the first `most`. */
  abstract outOfRange(most: number): Promise<readonly LoggedEvent[]>;

  /** How many there are of a range; of a tenant, or of everybody. */
  abstract count(range: Range, tenant: TenantId | null): Promise<number>;

  /** The transactions that may have added events and are not through. Of this very one nothing is said. */
  abstract writers(): Promise<readonly string[]>;

  /**
   * What is to be sealed next, one of each number. An event whose id an earlier one has already is foreign, and so is one
   * that comes too late to a month that is archived. Of the rest it is not looked at whether it is sound.
   */
  abstract toSeal(range: Range, most: number, now: Date): Promise<readonly LoggedEvent[]>;

  /** All of a range; of a tenant, or of everybody. */
  abstract within(range: Range, tenant: TenantId | null): Promise<readonly LoggedEvent[]>;

  /** null: there is none, or not among those of the tenant. */
  abstract find(id: string, tenant: TenantId | null): Promise<ProvableEvent | null>;
}

/** An event, and what shows that the address and agent it is shown with are those it commits to. */
export type ProvableEvent = LoggedEvent & {
  /** null where it commits to none, or who they are of is erased. */
  readonly personal: {
    readonly ipAddress: string | null;
    readonly userAgent: string | null;
    readonly salt: Uint8Array;
  } | null;
};
