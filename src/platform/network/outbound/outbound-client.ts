/** A request to an address that was configured, or that somebody gave. */
export type OutboundRequest = {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** For all of it, from looking the name up to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Of the answer's body, after inflating. Left out: a mebibyte. */
  readonly maxBytes?: number;
  /** Whether the body of an answer with this status is of use; if not, nobody waits for it. Left out: it always is. */
  readonly reads?: (status: number) => boolean;
};

/**
 * The one way out (OA-07): https alone (http to loopback), public addresses alone, looked at after the name was looked
 * up and gone to exactly, no redirects, bounds on size and time.
 */
export abstract class OutboundClient {
  /**
   * The whole answer, whatever its status but a redirect. Throws OutboundRefused for where nobody goes; OutboundFailed when
   * nothing that can be read came back in time. Neither repeats what was sent or what came.
   */
  abstract fetch(url: string | URL, request: OutboundRequest): Promise<Response>;
}

/**
 * The address is none the service goes to, and nothing was sent. `reason` is `NO_URL`, `CREDENTIALS_IN_URL`, `NOT_HTTPS` or
 * `ADDRESS_NOT_PUBLIC`; it names no address.
 */
export class OutboundRefused extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** Nothing came back that can be read: it was down, too slow, too large, or sent us elsewhere. */
export class OutboundFailed extends Error {
  constructor(
    /** A code alone: `TIMEOUT`, `TOO_LARGE`, `REDIRECT`, or what Node calls it, as `ECONNREFUSED`. */
    readonly reason: string,
    /** What the answer began with, where one began. */
    readonly status: number | null = null,
  ) {
    super(reason);
  }
}
