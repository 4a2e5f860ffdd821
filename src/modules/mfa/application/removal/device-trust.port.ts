import type { UserId } from '../../../../kernel/ids';

/** Devices that are spared the second factor. */
export abstract class DeviceTrust {
  /** None of them is any more, in whichever tenant. */
  abstract endAllOf(user: UserId): Promise<void>;
}
