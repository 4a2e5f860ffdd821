import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { TOKEN_MAX } from '../mailbox.dto';

/** What the button of a page sends. */
export class LinkForm {
  @IsString()
  @IsNotEmpty()
  @MaxLength(TOKEN_MAX)
  token!: string;
}

/** How long it may be the password policy says, and the page shows the form again. */
export class NewPasswordForm extends LinkForm {
  @IsString()
  new_password!: string;
}
