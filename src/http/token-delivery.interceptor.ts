import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { catchError, map, type Observable, throwError } from 'rxjs';
import { DomainError } from '../kernel/domain-error';
import { TokenPairResponse } from '../modules/tokens/tokens.facade';
import { DeviceCookie } from '../platform/http/device-cookie';
import { RefreshCookie } from '../platform/http/refresh-cookie';
import type { DoorwardReply, DoorwardRequest } from '../platform/http/request';

/**
 * Puts the refresh token into a cookie, and not into the body, for clients that asked for that or came with one; a device
 * token always into a cookie too.
 */
@Injectable()
export class TokenDeliveryInterceptor implements NestInterceptor {
  constructor(
    private readonly cookie: RefreshCookie,
    private readonly device: DeviceCookie,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<DoorwardRequest>();
    const asked = request.headers['x-token-delivery'] === 'cookie';
    // A page of another site must not plant its own session here.
    if (asked && request.headers.origin !== undefined) this.cookie.refuseOtherSites(request);
    return next.handle().pipe(
      map((body: unknown) => {
        if (!(body instanceof TokenPairResponse)) return body;
        const reply = http.getResponse<DoorwardReply>();
        const { device_token: deviceToken } = body;
        if (asked || request.cameByCookie === true) {
          this.cookie.set(reply, body.refresh_token ?? '', body.refresh_expires_in);
          body.refresh_token = undefined;
          body.device_token = undefined;
        }
        if (deviceToken !== undefined && !this.isForeign(request)) this.device.set(reply, deviceToken);
        return body;
      }),
      catchError((error: unknown) => {
        // A cookie that is worth nothing would be sent, and refused, for as long as it lives.
        const spent = request.cameByCookie === true && isRefusedToken(error);
        if (spent) this.cookie.clear(request, http.getResponse<DoorwardReply>());
        return throwError(() => error);
      }),
    );
  }

  /** Whether a browser sends it for a page that is not ours: it must not put its own token in the place of a visitor's. */
  private isForeign(request: DoorwardRequest): boolean {
    return request.headers.origin !== undefined && !this.cookie.isOfOwnSite(request);
  }
}

function isRefusedToken(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'REFRESH_TOKEN_INVALID';
}
