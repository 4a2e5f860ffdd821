import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

/** Above any password of 256 code points, in whichever Unicode form it is typed. */
export const TYPED_PASSWORD_MAX = 1024;

export class ChangePasswordRequest {
  /** @example "correct horse battery staple" */
  @IsString()
  @IsNotEmpty()
  @MaxLength(TYPED_PASSWORD_MAX)
  current_password!: string;

  /**
   * 15 characters or more of anything, or 8 or more with lower case, upper case, digit and symbol.
   * @example "a wholly new phrase to remember"
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(TYPED_PASSWORD_MAX)
  new_password!: string;
}
