import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotFound } from '../../../kernel/domain-error';
import { isUuid } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';
import { Requires, RequiresFreshly } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { RateLimited } from '../../../platform/http/rate-limited';
import { Clock } from '../../../platform/time/clock';
import { IssueInvitation } from '../application/invitations/issue-invitation';
import { InvitationQueries } from '../application/invitations/invitation-queries';
import { ResendInvitation } from '../application/invitations/resend-invitation';
import { RevokeInvitation } from '../application/invitations/revoke-invitation';
import { type InvitationId, invitationId } from '../domain/invitation-id';
import { InvitationResponse, InvitationsQuery, InvitationsResponse, InviteRequest } from './invitations.dto';

const INVITE_LIMIT = { name: 'invite', by: 'caller', uncounted: 'refuse' } as const;

/** Who is invited to the active tenant. */
@ApiTags('Users')
@Controller('users')
export class InvitationsController {
  constructor(
    private readonly issue: IssueInvitation,
    private readonly resending: ResendInvitation,
    private readonly revoke: RevokeInvitation,
    private readonly queries: InvitationQueries,
    private readonly clock: Clock,
  ) {}

  /**
   * Invite somebody to the active tenant by a mail, whose link and code are good once. An older invitation of the address
   * is good for nothing from then on.
   */
  @Post('invite')
  @RequiresFreshly('user:create', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @RateLimited(INVITE_LIMIT)
  @BodyExamples(InviteRequest, { 'a viewer': { email: 'bob@example.com', role: 'viewer' } })
  async invite(@CurrentPrincipal() by: Principal, @Body() body: InviteRequest): Promise<InvitationResponse> {
    return InvitationResponse.from(await this.issue.execute(by, body.email, body.role));
  }

  /** The invitations to the active tenant in the order they were made; ended ones for 30 days. */
  @Get('invitations')
  @Requires('user:read', 'VALIDATION_FAILED')
  async list(@CurrentPrincipal() by: Principal, @Query() query: InvitationsQuery): Promise<InvitationsResponse> {
    const page = await this.queries.list(by.tenantId, InvitationsQuery.pageOf(query), this.clock.now());
    return InvitationsResponse.from(page);
  }

  /** Take an invitation back. */
  @Delete('invitations/:id')
  @HttpCode(204)
  @RequiresFreshly('user:create', 'NOT_FOUND')
  async remove(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    await this.revoke.execute(by, named(id));
  }

  /** Send an invitation again, with another link and code. The answer is the same when the address has had enough of them. */
  @Post('invitations/:id/resend')
  @HttpCode(202)
  @RequiresFreshly('user:create', 'NOT_FOUND', 'VALIDATION_FAILED')
  @RateLimited(INVITE_LIMIT)
  async resend(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    await this.resending.execute(by, named(id));
  }
}

/** What cannot be the id of an invitation names none. */
function named(text: string): InvitationId {
  if (!isUuid(text)) throw new NotFound();
  return invitationId(text);
}
