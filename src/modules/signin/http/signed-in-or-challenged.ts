import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { TokenPairResponse } from '../../tokens/tokens.facade';
import type { SignInResult } from '../application/entrance/entrance';
import { MfaChallengeResponse } from './challenge.dto';

export type SignInResponse = TokenPairResponse | MfaChallengeResponse;

/** Documents that a right password is answered with tokens or, where there is a second factor, with a challenge. */
export function AnswersSignIn(): MethodDecorator {
  const schemas = [TokenPairResponse, MfaChallengeResponse].map((type) => ({ $ref: getSchemaPath(type) }));
  return applyDecorators(
    ApiExtraModels(TokenPairResponse, MfaChallengeResponse),
    ApiOkResponse({ description: 'Tokens, or a challenge for the second factor.', schema: { oneOf: schemas } }),
  );
}

export function responseOf(result: SignInResult): SignInResponse {
  if (result.kind === 'challenged') return MfaChallengeResponse.from(result.challenge);
  return TokenPairResponse.from(result.tokens, result.deviceToken);
}
