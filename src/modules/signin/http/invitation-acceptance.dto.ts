import { IntersectionType, PickType } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { AccountFields, TYPED_PASSWORD_MAX } from '../../identity/identity.facade';
import { MailboxProofRequest } from '../../identity/mailbox.facade';

const NAMES = PickType(AccountFields, ['first_name', 'last_name'] as const);

/** The token of the mailed link, or the address and the mailed code; and whose the account is, or is to be. */
export class AcceptInvitationRequest extends IntersectionType(MailboxProofRequest, NAMES) {
  /**
   * Of the account that has the address; if there is none, one is made with it. A user who is signed in leaves it out.
   * @example "correct horse battery staple"
   */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(TYPED_PASSWORD_MAX)
  password?: string | null;
}

/** What the button of the page sends. A form sends its empty fields too. */
export class AcceptInvitationForm extends NAMES {
  @IsString()
  @IsNotEmpty()
  @MaxLength(512)
  token!: string;

  @IsString()
  @MaxLength(TYPED_PASSWORD_MAX)
  password!: string;
}
