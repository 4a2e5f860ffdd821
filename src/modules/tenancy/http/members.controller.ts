import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotFound } from '../../../kernel/domain-error';
import { isUuid, userId } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';
import { Requires, RequiresFreshly } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { HashesPasswords } from '../../../platform/http/hashes-passwords';
import { RateLimited } from '../../../platform/http/rate-limited';
import { CreateMember } from '../application/members/create-member';
import { EditMember } from '../application/members/edit-member';
import { MemberQueries } from '../application/members/member-queries';
import { RemoveMember } from '../application/members/remove-member';
import { CreateMemberRequest, EditMemberRequest, MemberResponse, MembersQuery, MembersResponse } from './members.dto';

/** The users of the active tenant. What they are in other tenants is neither seen nor touched. */
@ApiTags('Users')
@Controller('users')
export class MembersController {
  constructor(
    private readonly queries: MemberQueries,
    private readonly createMember: CreateMember,
    private readonly editMember: EditMember,
    private readonly removeMember: RemoveMember,
  ) {}

  /** The users of the active tenant, oldest account first. */
  @Get()
  @Requires('user:read', 'VALIDATION_FAILED')
  async list(@CurrentPrincipal() by: Principal, @Query() query: MembersQuery): Promise<MembersResponse> {
    const page = await this.queries.list(by.tenantId, MembersQuery.filterOf(query), MembersQuery.pageOf(query));
    return MembersResponse.from(page);
  }

  /** Make an account that belongs to the active tenant. Its owner is to change the password, and to prove the address. */
  @Post()
  @RequiresFreshly(
    'user:create',
    'NOT_FOUND',
    'EMAIL_TAKEN',
    'USERNAME_TAKEN',
    'VALIDATION_FAILED',
    'MALFORMED_REQUEST',
    'OVERLOADED',
  )
  @RateLimited({ name: 'invite', by: 'caller', uncounted: 'refuse' })
  @HashesPasswords()
  @BodyExamples(CreateMemberRequest, {
    'a viewer': { email: 'ann@example.com', password: 'correct horse battery staple', role: 'viewer' },
    'an administrator with a name': {
      email: 'ann@example.com',
      username: 'ann',
      first_name: 'Ann',
      last_name: 'Example',
      password: 'correct horse battery staple',
      role: 'admin',
    },
  })
  async create(@CurrentPrincipal() by: Principal, @Body() body: CreateMemberRequest): Promise<MemberResponse> {
    const member = await this.createMember.execute(by, {
      email: body.email,
      username: body.username ?? null,
      firstName: body.first_name ?? null,
      lastName: body.last_name ?? null,
      password: body.password,
      role: body.role,
    });
    return MemberResponse.from(member);
  }

  /** One user of the active tenant. */
  @Get(':id')
  @Requires('user:read', 'NOT_FOUND')
  async one(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<MemberResponse> {
    const member = isUuid(id) ? await this.queries.find(by.tenantId, userId(id)) : null;
    if (!member) throw new NotFound();
    return MemberResponse.from(member);
  }

  /** Replace the names of a user who belongs to this tenant alone; what is left out is removed. */
  @Put(':id')
  @RequiresFreshly('user:update', 'NOT_FOUND', 'CONFLICT', 'USERNAME_TAKEN', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(EditMemberRequest, { 'all names': { username: 'ann', first_name: 'Ann', last_name: 'Example' } })
  async replace(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Body() { username = null, first_name: firstName = null, last_name: lastName = null }: EditMemberRequest,
  ): Promise<MemberResponse> {
    return MemberResponse.from(await this.editMember.execute(by, id, { username, firstName, lastName }));
  }

  /** Change names of a user who belongs to this tenant alone; what is left out stays, null removes. */
  @Patch(':id')
  @RequiresFreshly('user:update', 'NOT_FOUND', 'CONFLICT', 'USERNAME_TAKEN', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(EditMemberRequest, { 'a last name': { last_name: 'Married' } })
  async edit(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Body() { username, first_name: firstName, last_name: lastName }: EditMemberRequest,
  ): Promise<MemberResponse> {
    return MemberResponse.from(await this.editMember.execute(by, id, { username, firstName, lastName }));
  }

  /** Remove a user from the active tenant; with the last tenant of a user the account ends. */
  @Delete(':id')
  @HttpCode(204)
  @RequiresFreshly('user:delete', 'NOT_FOUND', 'CONFLICT', 'LAST_OWNER')
  async remove(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    await this.removeMember.execute(by, id);
  }
}
