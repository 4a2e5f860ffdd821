import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { EvenConfined, FreshlySignedIn } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { RateLimited } from '../../../platform/http/rate-limited';
import { ConfirmFactor } from '../application/confirm-factor';
import { SetUpMailbox } from '../application/sent-codes/set-up-mailbox';
import { SetUpPhone } from '../application/sent-codes/set-up-phone';
import { EnrolledResponse } from './factors.dto';
import {
  CodeSentResponse,
  SetUpEmailRequest,
  SetUpSmsRequest,
  VerifyEmailFactorRequest,
  VerifySmsRequest,
} from './sent-factors.dto';

const FACTORS_LIMIT = { name: 'factors', by: 'caller', uncounted: 'refuse' } as const;

/** Second factors whose codes are sent. */
@ApiTags('Second factors')
@Controller('mfa')
export class SentFactorsController {
  constructor(
    private readonly phones: SetUpPhone,
    private readonly mailboxes: SetUpMailbox,
    private readonly confirming: ConfirmFactor,
  ) {}

  /**
   * Have a code sent to a telephone, to make it a second factor. Repeated, another code is sent, and the one before is good
   * for nothing. A telephone that is a factor already stays one until the new one is verified.
   */
  @Post('sms/setup')
  @HttpCode(200)
  @FreshlySignedIn('CONFLICT', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @EvenConfined()
  @RateLimited(FACTORS_LIMIT)
  @BodyExamples(SetUpSmsRequest, { 'a number': { phone_number: '+491701234567' } })
  async setUpSms(@CurrentPrincipal() by: Principal, @Body() body: SetUpSmsRequest): Promise<CodeSentResponse> {
    return CodeSentResponse.from(await this.phones.execute(by, body.phone_number));
  }

  /** Make the telephone a second factor, by the code that was sent there. All other sessions of the user end. */
  @Post('sms/verify')
  @HttpCode(200)
  @FreshlySignedIn('MFA_CODE_INVALID', 'CONFLICT', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @EvenConfined()
  @RateLimited(FACTORS_LIMIT)
  @BodyExamples(VerifySmsRequest, { 'a code': { sms_code: '123456' } })
  async verifySms(@CurrentPrincipal() by: Principal, @Body() body: VerifySmsRequest): Promise<EnrolledResponse> {
    await this.confirming.execute(by, 'sms', body.sms_code);
    return EnrolledResponse.yes();
  }

  /** Have a code sent to the account's address, to make the mailbox a second factor. Repeated, another code is sent. */
  @Post('email/setup')
  @HttpCode(200)
  @FreshlySignedIn('CONFLICT', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @EvenConfined()
  @RateLimited(FACTORS_LIMIT)
  @BodyExamples(SetUpEmailRequest, { nothing: {} })
  async setUpEmail(@CurrentPrincipal() by: Principal, @Body() _body: SetUpEmailRequest): Promise<CodeSentResponse> {
    return CodeSentResponse.from(await this.mailboxes.execute(by));
  }

  /** Make the mailbox a second factor, by the code that was sent there. All other sessions of the user end. */
  @Post('email/verify')
  @HttpCode(200)
  @FreshlySignedIn('MFA_CODE_INVALID', 'CONFLICT', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @EvenConfined()
  @RateLimited(FACTORS_LIMIT)
  @BodyExamples(VerifyEmailFactorRequest, { 'a code': { email_code: '123456' } })
  async verifyEmail(
    @CurrentPrincipal() by: Principal,
    @Body() body: VerifyEmailFactorRequest,
  ): Promise<EnrolledResponse> {
    await this.confirming.execute(by, 'email', body.email_code);
    return EnrolledResponse.yes();
  }
}
