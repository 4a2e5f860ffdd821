import { Injectable } from '@nestjs/common';
import { CredentialsAmbiguous, DomainError } from '../../kernel/domain-error';
import { ProcessSettings } from '../config/settings';
import type { CookieAttributes, DoorwardReply, DoorwardRequest } from './request';

class CrossSiteRequest extends DomainError {
  readonly code = 'CROSS_SITE_REQUEST';
}

/** Refresh tokens that travel as a cookie scripts cannot read (decision 11 of the security requirements). */
@Injectable()
export class RefreshCookie {
  readonly name: string;
  private readonly secure: boolean;
  private readonly origins: ReadonlySet<string>;

  constructor({ publicUrl, corsOrigins }: ProcessSettings) {
    this.secure = publicUrl.startsWith('https:');
    this.name = this.secure ? '__Host-dw_refresh' : 'dw_refresh';
    this.origins = new Set([new URL(publicUrl).origin, ...corsOrigins]);
  }

  /** @param seconds how long the browser keeps it */
  set(reply: DoorwardReply, token: string, seconds: number): void {
    reply.setCookie(this.name, token, this.attributes(seconds));
  }

  /** Removes the cookie, if the browser sent one. */
  clear(request: DoorwardRequest, reply: DoorwardReply): void {
    if (request.cookies?.[this.name] !== undefined) reply.setCookie(this.name, '', this.attributes(0));
  }

  /**
   * The refresh token of the body, else of the cookie, else null.
   * Throws CREDENTIALS_AMBIGUOUS when both are there and differ, CROSS_SITE_REQUEST when the cookie came from another site.
   */
  orGiven(request: DoorwardRequest, given: string | null | undefined): string | null {
    const cookie = request.cookies?.[this.name] ?? null;
    if (given !== null && given !== undefined) {
      if (cookie !== null && cookie !== given) throw new CredentialsAmbiguous();
      return given;
    }
    if (cookie !== null) {
      this.refuseOtherSites(request);
      request.cameByCookie = true;
    }
    return cookie;
  }

  /** What the browser keeps in the cookie, not as a credential of this request. */
  peek(request: DoorwardRequest): string | null {
    return request.cookies?.[this.name] ?? null;
  }

  /** Lets the answer's refresh token go into the cookie. Throws CROSS_SITE_REQUEST when the request is from another site. */
  answerInKind(request: DoorwardRequest): void {
    this.refuseOtherSites(request);
    request.cameByCookie = true;
  }

  /** A browser says where a request comes from; a page of another site cannot change that (CSRF). */
  refuseOtherSites(request: DoorwardRequest): void {
    if (!this.isOfOwnSite(request)) throw new CrossSiteRequest();
  }

  /** Whether a browser says that a page of ours, or of CORS_ORIGINS, sent the request. */
  isOfOwnSite({ headers }: DoorwardRequest): boolean {
    const { origin, 'sec-fetch-site': site } = headers;
    return site === 'same-origin' || (origin !== undefined && this.origins.has(origin));
  }

  private attributes(maxAge: number): CookieAttributes {
    return { httpOnly: true, secure: this.secure, sameSite: 'strict', path: '/', maxAge };
  }
}
