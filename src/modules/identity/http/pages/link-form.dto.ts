import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { TYPED_PASSWORD_MAX } from '../passwords.dto';

const TOKEN_MAX = 512;

/** What the button of a page sends. */
export class LinkForm {
  @IsString()
  @IsNotEmpty()
  @MaxLength(TOKEN_MAX)
  token!: string;
}

export class NewPasswordForm extends LinkForm {
  @IsString()
  @MaxLength(TYPED_PASSWORD_MAX)
  new_password!: string;
}
