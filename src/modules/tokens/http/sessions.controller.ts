import { Controller, Delete, Get, HttpCode, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotFound } from '../../../kernel/domain-error';
import { isUuid, sessionId } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';
import { FreshlySignedIn, SignedIn } from '../../../platform/http/access';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { RefreshCookie } from '../../../platform/http/refresh-cookie';
import type { DoorwardReply, DoorwardRequest } from '../../../platform/http/request';
import { Clock } from '../../../platform/time/clock';
import { Devices } from '../application/sessions/devices.port';
import { RevokeSessions } from '../application/sessions/revoke-sessions';
import { SessionQueries } from '../application/sessions/session-queries';
import { EndSessionsQuery, EndSessionsResponse, SessionResponse, SessionsResponse } from './sessions.dto';

@ApiTags('Sessions')
@Controller('auth/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: SessionQueries,
    private readonly revoke: RevokeSessions,
    private readonly devices: Devices,
    private readonly cookie: RefreshCookie,
    private readonly clock: Clock,
  ) {}

  /** Where the caller is signed in, in whichever tenant; the session last used comes first. */
  @Get()
  @SignedIn()
  async list(@CurrentPrincipal() by: Principal): Promise<SessionsResponse> {
    const now = this.clock.now();
    const views = await this.sessions.listOf(by.userId, now);
    const items = views.map((view) =>
      SessionResponse.from(view, this.devices.label(view.userAgent), by.sessionId, now),
    );
    return Object.assign(new SessionsResponse(), { items });
  }

  /** End one of the caller's sessions. Its access tokens are refused from then on, everywhere within a second. */
  @Delete(':id')
  @HttpCode(204)
  @FreshlySignedIn('NOT_FOUND')
  async end(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Req() request: DoorwardRequest,
    @Res({ passthrough: true }) reply: DoorwardReply,
  ): Promise<void> {
    if (!isUuid(id)) throw new NotFound();
    const ended = sessionId(id);
    await this.revoke.executeOne(by, ended);
    if (ended === by.sessionId) this.cookie.clear(request, reply);
  }

  /** End all of the caller's sessions or, with `except=current`, all others. */
  @Delete()
  @HttpCode(200)
  @FreshlySignedIn('VALIDATION_FAILED')
  async endAll(
    @CurrentPrincipal() by: Principal,
    @Query() { except }: EndSessionsQuery,
    @Req() request: DoorwardRequest,
    @Res({ passthrough: true }) reply: DoorwardReply,
  ): Promise<EndSessionsResponse> {
    const kept = except === 'current' ? by.sessionId : null;
    const revoked = await this.revoke.executeAll(by, kept);
    if (kept === null) this.cookie.clear(request, reply);
    return EndSessionsResponse.from(revoked);
  }
}
