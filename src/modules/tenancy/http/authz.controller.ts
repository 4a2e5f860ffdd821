import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { Authenticated } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { CheckPermissions } from '../application/roles/check-permissions';
import { AuthzCheckRequest, VerdictResponse, VerdictsResponse } from './authz.dto';

/** What the caller may do. */
@ApiTags('Roles')
@Controller('authz')
export class AuthzController {
  constructor(private readonly checking: CheckPermissions) {}

  /** Whether the caller may do something in the active tenant at this moment, and which role says so. */
  @Post('check')
  @HttpCode(200)
  @Authenticated('VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(AuthzCheckRequest, {
    'one question': { permission: 'detector:read' },
    'several questions': { checks: [{ permission: 'detector:read' }, { permission: 'dataset:*' }] },
  })
  @ApiExtraModels(VerdictResponse, VerdictsResponse)
  @ApiOkResponse({
    description: 'The answer, or one for each of the checks.',
    schema: { oneOf: [VerdictResponse, VerdictsResponse].map((type) => ({ $ref: getSchemaPath(type) })) },
  })
  async check(
    @CurrentPrincipal() by: Principal,
    @Body() body: AuthzCheckRequest,
  ): Promise<VerdictResponse | VerdictsResponse> {
    const permissions = AuthzCheckRequest.permissionsOf(body);
    const answer = VerdictsResponse.from(permissions, await this.checking.execute(by, permissions));
    const [first] = answer.results;
    return body.checks || !first ? answer : first;
  }
}
