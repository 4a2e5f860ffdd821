import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { RequiresFreshly } from '../../../platform/http/access';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { RateLimited } from '../../../platform/http/rate-limited';
import { UnlockMember } from '../application/unlock-member';

@ApiTags('Users')
@Controller('users/:id')
export class MembersController {
  constructor(private readonly unlockMember: UnlockMember) {}

  /** Let a user of the active tenant sign in again who was kept out by wrong passwords. */
  @Post('unlock')
  @HttpCode(204)
  @RequiresFreshly('user:update', 'NOT_FOUND')
  @RateLimited({ name: 'unlock', by: 'caller', uncounted: 'serve' })
  async unlock(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    await this.unlockMember.execute(by, id);
  }
}
