import { applyDecorators, Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { EvenConfined, FreshlySignedIn, SignedIn } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { HashesPasswords } from '../../../platform/http/hashes-passwords';
import { RateLimited } from '../../../platform/http/rate-limited';
import { RegenerateBackupCodes } from '../application/backup-codes/regenerate-backup-codes';
import { RemoveFactors } from '../application/removal/remove-factors';
import { FactorOverview } from '../application/standing/factor-overview';
import { BackupCodesResponse, FactorStatusResponse, RemoveFactorsRequest } from './factors.dto';

/** What takes a factor away asks for the password and a code. */
function Removes(): MethodDecorator {
  return applyDecorators(
    FreshlySignedIn(
      'INVALID_CREDENTIALS',
      'MFA_CODE_INVALID',
      'NOT_FOUND',
      'LAST_FACTOR_REQUIRED',
      'VALIDATION_FAILED',
      'MALFORMED_REQUEST',
      'OVERLOADED',
    ),
    RateLimited({ name: 'factors', by: 'caller', uncounted: 'refuse' }),
    HashesPasswords(),
    BodyExamples(RemoveFactorsRequest, {
      'a code of an authenticator': { password: 'correct horse battery staple', code: '123456' },
      'a backup code': { password: 'correct horse battery staple', code: '7f3k-9m2xq-04vwt' },
    }),
  );
}

@ApiTags('Second factors')
@Controller('mfa')
export class FactorsController {
  constructor(
    private readonly overview: FactorOverview,
    private readonly removeFactors: RemoveFactors,
    private readonly regenerateCodes: RegenerateBackupCodes,
  ) {}

  /** The caller's second factors, and how many backup codes are left. */
  @Get('status')
  @SignedIn()
  @EvenConfined()
  async status(@CurrentPrincipal() by: Principal): Promise<FactorStatusResponse> {
    return FactorStatusResponse.from(await this.overview.of(by.userId));
  }

  /** Ten new backup codes, shown this once. The old ones are good no more. */
  @Post('backup-codes/regenerate')
  @HttpCode(200)
  @FreshlySignedIn('CONFLICT', 'OVERLOADED')
  @RateLimited({ name: 'factors', by: 'caller', uncounted: 'refuse' })
  async regenerate(@CurrentPrincipal() by: Principal): Promise<BackupCodesResponse> {
    return BackupCodesResponse.from(await this.regenerateCodes.execute(by));
  }

  /** Remove the authenticator app. The caller's other sessions end. */
  @Delete('totp')
  @HttpCode(204)
  @Removes()
  async removeTotp(@CurrentPrincipal() by: Principal, @Body() body: RemoveFactorsRequest): Promise<void> {
    await this.removeFactors.execute(by, 'totp', RemoveFactorsRequest.proofOf(body));
  }

  /** Remove the telephone number that codes are sent to. The caller's other sessions end. */
  @Delete('sms')
  @HttpCode(204)
  @Removes()
  async removeSms(@CurrentPrincipal() by: Principal, @Body() body: RemoveFactorsRequest): Promise<void> {
    await this.removeFactors.execute(by, 'sms', RemoveFactorsRequest.proofOf(body));
  }

  /** No more codes by mail. The caller's other sessions end. */
  @Delete('email')
  @HttpCode(204)
  @Removes()
  async removeEmail(@CurrentPrincipal() by: Principal, @Body() body: RemoveFactorsRequest): Promise<void> {
    await this.removeFactors.execute(by, 'email', RemoveFactorsRequest.proofOf(body));
  }

  /** Remove every second factor, and with them backup codes and trusted devices. The caller's other sessions end. */
  @Post('disable')
  @HttpCode(204)
  @Removes()
  async disable(@CurrentPrincipal() by: Principal, @Body() body: RemoveFactorsRequest): Promise<void> {
    await this.removeFactors.execute(by, 'all', RemoveFactorsRequest.proofOf(body));
  }
}
