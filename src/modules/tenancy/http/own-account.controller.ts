import { Controller, Delete, HttpCode, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { FreshlySignedIn } from '../../../platform/http/access';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { RateLimited } from '../../../platform/http/rate-limited';
import { RefreshCookie } from '../../../platform/http/refresh-cookie';
import type { DoorwardReply, DoorwardRequest } from '../../../platform/http/request';
import { EraseAccount } from '../application/members/erase-account';

@ApiTags('Users')
@Controller('users/me')
export class OwnAccountController {
  constructor(
    private readonly eraseAccount: EraseAccount,
    private readonly cookie: RefreshCookie,
  ) {}

  /**
   * Delete the caller's account with all that is personal, and the tenants nobody else belongs to. There is no way back. The
   * audit log keeps the id, which is nobody's from then on.
   */
  @Delete()
  @HttpCode(204)
  @FreshlySignedIn('NOT_FOUND', 'LAST_OWNER')
  @RateLimited({ name: 'personal_data', by: 'caller', uncounted: 'serve' })
  async delete(
    @CurrentPrincipal() { userId }: Principal,
    @Req() request: DoorwardRequest,
    @Res({ passthrough: true }) reply: DoorwardReply,
  ): Promise<void> {
    await this.eraseAccount.execute(userId, userId);
    this.cookie.clear(request, reply);
  }
}
