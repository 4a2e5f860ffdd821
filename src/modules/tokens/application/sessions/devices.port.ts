/** What a request says of the client it comes from. */
export type ClientTraits = {
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly acceptLanguage: string | null;
};

/** Tells devices apart, as far as their headers do. */
export abstract class Devices {
  /** The same for a client as long as it is the same program on the same kind of device, whatever its version. */
  abstract fingerprint(client: ClientTraits): string;

  /** For people: `Firefox on Windows`. */
  abstract label(userAgent: string | null): string;
}
