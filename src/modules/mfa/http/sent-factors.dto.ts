import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

/** Above any number and any code there is. What is none is refused as such. */
const TYPED_MAX = 64;

export class SetUpSmsRequest {
  /**
   * In international form: `+`, the country's code, and the rest.
   * @example "+491701234567"
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(TYPED_MAX)
  phone_number!: string;
}

export class VerifySmsRequest {
  /**
   * What was sent to the number.
   * @example "123456"
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(TYPED_MAX)
  sms_code!: string;
}

/** It is the account's own address that is set up. */
export class SetUpEmailRequest {}

export class VerifyEmailFactorRequest {
  /**
   * What was sent to the address.
   * @example "123456"
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(TYPED_MAX)
  email_code!: string;
}

/** The same when too many were sent already, and none was. */
export class CodeSentResponse {
  sent!: true;

  /** For how many seconds a code is good. */
  expires_in!: number;

  static from(seconds: number): CodeSentResponse {
    return { sent: true, expires_in: seconds };
  }
}
