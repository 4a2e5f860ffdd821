import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { catchError, map, type Observable, throwError } from 'rxjs';
import { DomainError } from '../kernel/domain-error';
import { TokenPairResponse } from '../modules/tokens/tokens.facade';
import { RefreshCookie } from '../platform/http/refresh-cookie';
import type { DoorwardReply, DoorwardRequest } from '../platform/http/request';

/** Puts the refresh token into a cookie, and not into the body, for clients that asked for that or came with one. */
@Injectable()
export class TokenDeliveryInterceptor implements NestInterceptor {
  constructor(private readonly cookie: RefreshCookie) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<DoorwardRequest>();
    const asked = request.headers['x-token-delivery'] === 'cookie';
    // A page of another site must not plant its own session here.
    if (asked && request.headers.origin !== undefined) this.cookie.refuseOtherSites(request);
    return next.handle().pipe(
      map((body: unknown) => {
        if (body instanceof TokenPairResponse && (asked || request.cameByCookie === true)) {
          this.cookie.set(http.getResponse<DoorwardReply>(), body.refresh_token ?? '', body.refresh_expires_in);
          body.refresh_token = undefined;
        }
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
}

function isRefusedToken(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'REFRESH_TOKEN_INVALID';
}
