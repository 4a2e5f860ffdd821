import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { RequiresFreshly } from '../../../platform/http/access';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { RateLimited } from '../../../platform/http/rate-limited';
import { ChangeMemberStatus } from '../application/members/change-member-status';
import { ResetSecondFactors } from '../application/members/reset-second-factors';
import { SignOutMember } from '../application/members/sign-out-member';
import { UnlockMember } from '../application/members/unlock-member';

/** Who of the active tenant is in, and who is kept out. In the other tenants of a user nothing changes. */
@ApiTags('Users')
@Controller('users/:id')
export class MemberStandingController {
  constructor(
    private readonly changeStatus: ChangeMemberStatus,
    private readonly unlockMember: UnlockMember,
    private readonly signOutMember: SignOutMember,
    private readonly resetSecondFactors: ResetSecondFactors,
  ) {}

  /** Keep a user out of the active tenant for a while: sessions end, API keys rest. */
  @Post('lock')
  @HttpCode(204)
  @RequiresFreshly('user:update', 'NOT_FOUND', 'CONFLICT', 'LAST_OWNER')
  async lock(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    await this.changeStatus.execute(by, id, 'lock');
  }

  /** Let a user of the active tenant sign in again who was locked, or kept out by wrong passwords. */
  @Post('unlock')
  @HttpCode(204)
  @RequiresFreshly('user:update', 'NOT_FOUND', 'CONFLICT')
  @RateLimited({ name: 'unlock', by: 'caller', uncounted: 'serve' })
  async unlock(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    await this.unlockMember.execute(by, id);
  }

  /** Keep a user out of the active tenant until further notice: sessions end, API keys rest. */
  @Post('disable')
  @HttpCode(204)
  @RequiresFreshly('user:update', 'NOT_FOUND', 'CONFLICT', 'LAST_OWNER')
  async disable(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    await this.changeStatus.execute(by, id, 'disable');
  }

  /** Let a disabled user into the active tenant again. */
  @Post('enable')
  @HttpCode(204)
  @RequiresFreshly('user:update', 'NOT_FOUND', 'CONFLICT')
  async enable(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    await this.changeStatus.execute(by, id, 'enable');
  }

  /** End the sessions a user has in the active tenant. */
  @Post('sign-out')
  @HttpCode(204)
  @RequiresFreshly('user:update', 'NOT_FOUND')
  async signOut(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    await this.signOutMember.execute(by, id);
  }

  /**
   * Take away the second factors of a user who lost them. The user is told, and signs in again, everywhere. Of a user on
   * whose second factors other tenants depend, only system administrators do so.
   */
  @Post('reset-mfa')
  @HttpCode(204)
  @RequiresFreshly('user:update', 'NOT_FOUND', 'CONFLICT')
  async resetMfa(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    await this.resetSecondFactors.execute(by, id);
  }
}
