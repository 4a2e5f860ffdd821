/** A request to an address that was configured, or that somebody gave. */
export type OutboundRequest = {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** For all of it, from looking the name up to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Of the answer's body, after inflating. Left out: a mebibyte. */
  readonly maxBytes?: number;
};

/**
 * The one way out (OA-07): https alone (http to loopback but in production), public addresses alone, looked at after the
 * name was looked up and gone to exactly, no redirects, bounds on size and time.
 */
export abstract class OutboundClient {
  /**
   * The whole answer, whatever its status but a redirect. Throws OutboundRefused for where nobody goes; OutboundFailed when
   * nothing that can be read came back in time. Neither repeats what was sent or what came.
   */
  abstract fetch(url: string | URL, request: OutboundRequest): Promise<Response>;
}

/** The address is none the service goes to. `reason` is ours, and names no address. */
export class OutboundRefused extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** Nothing came back that can be read: it was down, too slow, too large, or sent us elsewhere. `reason` is ours. */
export class OutboundFailed extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}
