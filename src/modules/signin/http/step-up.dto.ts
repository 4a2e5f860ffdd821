import { IsIn, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { ValidationFailed } from '../../../kernel/domain-error';
import { TYPED_PASSWORD_MAX } from '../../identity/identity.facade';
import type { AccessToken } from '../../tokens/tokens.facade';
import { SHOWN_METHODS, type ShownMethod } from '../application/shown-method';
import type { StepUpProof } from '../application/step-up/step-up';

const ONE_PROOF = 'Send the password, or method and code of a factor.';

/** Either the password, or method and code of an enrolled factor. */
export class StepUpRequest {
  /** @example "correct horse battery staple" */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(TYPED_PASSWORD_MAX)
  password?: string | null;

  /** @example "totp" */
  @IsOptional()
  @IsIn(SHOWN_METHODS)
  method?: ShownMethod | null;

  /** @example "123456" */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  code?: string | null;

  /** Throws ValidationFailed unless it is one proof, and a whole one. */
  static proofOf({ password = null, method = null, code = null }: StepUpRequest): StepUpProof {
    if (password !== null && method === null && code === null) return { kind: 'password', password };
    if (password === null && method !== null && code !== null) return { kind: 'factor', method, code };
    throw new ValidationFailed([{ ...wrongField(password, method, code), message: ONE_PROOF }]);
  }
}

function wrongField(
  password: string | null,
  method: string | null,
  code: string | null,
): { readonly field: string; readonly code: string } {
  if (password !== null) return { field: 'password', code: 'FIELD_INVALID' };
  if (method !== null) return { field: 'code', code: 'FIELD_REQUIRED' };
  return { field: code === null ? 'password' : 'method', code: 'FIELD_REQUIRED' };
}

/** RFC 6749, 5.1, without a refresh token: the client's own is still the current one. */
export class AccessTokenResponse {
  access_token!: string;
  /** @example "bearer" */
  token_type!: string;
  /** @example 900 */
  expires_in!: number;

  static from({ accessToken, expiresIn }: AccessToken): AccessTokenResponse {
    return Object.assign(new AccessTokenResponse(), {
      access_token: accessToken,
      token_type: 'bearer',
      expires_in: expiresIn,
    });
  }
}
