/** Whose device it is to be: the stamp ends all of a user's devices when it changes. */
export type DeviceOwner = { readonly id: string; readonly securityStamp: string };

/**
 * Devices that have signed in, by a token they keep. It opens nothing; it only tells that the owner has been there, so
 * that what strangers do to the account does not keep the owner out (OWASP calls it a device cookie).
 */
export abstract class KnownDevices {
  /** `login` is the name the owner signed in by; `deviceId` that of a device which is known already, else null. */
  abstract issue(owner: DeviceOwner, login: string, deviceId: string | null, now: Date): string;

  /** The id of the device, when the token is good for this account as it is now; else null. */
  abstract recognise(token: string, owner: DeviceOwner, now: Date): string | null;

  /** As `recognise` for whoever signs in by that name, without looking anybody up: the stamp may have changed since. */
  abstract recogniseByName(token: string, login: string, now: Date): string | null;
}
