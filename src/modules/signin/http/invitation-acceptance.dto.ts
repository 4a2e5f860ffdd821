import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { PickType } from '@nestjs/swagger';
import { ValidationFailed } from '../../../kernel/domain-error';
import { AccountFields, EMAIL_MAX_LENGTH, TYPED_PASSWORD_MAX } from '../../identity/identity.facade';
import type { InvitationProof } from '../../tenancy/invitations.facade';

const ONE_PROOF = 'Send the token of the link, or the address with the code that was mailed to it.';
const SECRET_MAX = 128;

/** The token of the mailed link, or the address and the mailed code. */
export class AcceptInvitationRequest extends PickType(AccountFields, ['first_name', 'last_name'] as const) {
  /** @example "Jk4mZl2…" */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(SECRET_MAX)
  token?: string | null;

  /** @example "bob@example.com" */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(EMAIL_MAX_LENGTH)
  email?: string | null;

  /** @example "123456" */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(SECRET_MAX)
  code?: string | null;

  /**
   * Of the account that has the address; if there is none, one is made with it. A user who is signed in leaves it out.
   * @example "correct horse battery staple"
   */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(TYPED_PASSWORD_MAX)
  password?: string | null;

  /** Throws ValidationFailed unless it is one proof, and a whole one. */
  static proofOf({ token = null, email = null, code = null }: AcceptInvitationRequest): InvitationProof {
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
  if (token !== null) return { field: 'token', code: 'FIELD_INVALID' };
  if (email !== null) return { field: 'code', code: 'FIELD_REQUIRED' };
  return { field: code === null ? 'token' : 'email', code: 'FIELD_REQUIRED' };
}
