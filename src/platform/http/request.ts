import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCode } from '../../kernel/domain-error';
import type { Principal } from '../../kernel/principal';

/** What a controller may know of a request beyond its validated input. */
export type DoorwardRequest = {
  readonly headers: IncomingHttpHeaders;
  readonly raw: { readonly rawHeaders: readonly string[] };
  readonly cookies?: Readonly<Record<string, string | undefined>>;
  /** As it was parsed: not checked yet. */
  readonly query?: unknown;
  /** Set when the refresh token was read from the cookie, so that the next one goes back the same way. */
  cameByCookie?: boolean;
  /** Set by the authentication guard. */
  user?: Principal | undefined;
  /** Why a credential on a public route was not believed. */
  disbelief?: ErrorCode;
};

/** A request whose body nobody has looked at yet. */
export type BodyRequest = DoorwardRequest & { readonly body?: unknown };

/** What a controller may do to a response beyond its body. */
export type DoorwardReply = {
  setCookie(name: string, value: string, attributes: CookieAttributes): unknown;
};

export type CookieAttributes = {
  readonly httpOnly: true;
  readonly secure: boolean;
  readonly sameSite: 'strict' | 'lax';
  readonly path: '/';
  /** In seconds; 0 removes the cookie. */
  readonly maxAge: number;
};
