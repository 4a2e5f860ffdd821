import { PickType } from '@nestjs/swagger';
import { IsEmail, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { ValidationFailed } from '../../../kernel/domain-error';
import type { MailboxProof } from '../application/mailbox/redeem-secret';
import { EMAIL_MAX_LENGTH } from '../domain/email-address';
import { TYPED_PASSWORD_MAX } from './passwords.dto';
import { AccountFields } from './users.dto';

/** Above any token of ours. What is no token is refused like one that is not good. */
export const TOKEN_MAX = 512;
const CODE_MAX = 64;
const ONE_PROOF = 'Send the token of the link, or the e-mail address and the code that was sent there.';

/** The mailbox a mail is asked for. */
export class MailRequest extends PickType(AccountFields, ['email'] as const) {}

/** Either the token of a mailed link, or the code of the mail and the address it was sent to. */
export class MailboxProofRequest {
  /** What the mailed link has behind `?token=`. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(TOKEN_MAX)
  token?: string | null;

  /** @example "ann@example.com" */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(EMAIL_MAX_LENGTH)
  email?: string | null;

  /** @example "123456" */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(CODE_MAX)
  code?: string | null;

  /** Throws ValidationFailed unless it is one proof, and a whole one. */
  static proofOf({ token = null, email = null, code = null }: MailboxProofRequest): MailboxProof {
    if (token !== null && email === null && code === null) return { kind: 'token', token };
    if (token === null && email !== null && code !== null) return { kind: 'code', email, code };
    throw new ValidationFailed([{ ...wrongField(token, email, code), message: ONE_PROOF }]);
  }
}

function wrongField(
  token: string | null,
  email: string | null,
  code: string | null,
): { readonly field: string; readonly code: string } {
  if (token !== null) return { field: email === null ? 'code' : 'email', code: 'FIELD_INVALID' };
  if (email !== null) return { field: 'code', code: 'FIELD_REQUIRED' };
  return { field: code === null ? 'token' : 'email', code: 'FIELD_REQUIRED' };
}

export class ResetPasswordRequest extends MailboxProofRequest {
  /**
   * 15 characters or more of anything, or 8 or more with lower case, upper case, digit and symbol.
   * @example "a wholly new phrase to remember"
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(TYPED_PASSWORD_MAX)
  new_password!: string;
}

export class ChangeEmailRequest {
  /** @example "ann@example.org" */
  @IsString()
  @MaxLength(EMAIL_MAX_LENGTH)
  @Matches(/^[\x21-\x7e]*$/, { message: 'Use an address of plain letters; international domains as xn--.' })
  @IsEmail()
  new_email!: string;
}

export class UndoEmailChangeRequest {
  /** What the mailed link has behind `?token=`. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(TOKEN_MAX)
  token!: string;
}
