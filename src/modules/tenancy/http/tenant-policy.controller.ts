import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { Requires, RequiresFreshly } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { RequestContext } from '../../../platform/http/request-context';
import { TenantPolicyAdministration } from '../application/tenant-policy-administration';
import { TenantPolicyRequest, TenantPolicyResponse } from './tenant-policy.dto';

@ApiTags('Tenants')
@Controller('tenants/:id/policy')
export class TenantPolicyController {
  constructor(
    private readonly policies: TenantPolicyAdministration,
    private readonly context: RequestContext,
  ) {}

  /** What the tenant decides for its members. */
  @Get()
  @Requires('tenant:read', 'NOT_FOUND')
  async get(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<TenantPolicyResponse> {
    return TenantPolicyResponse.from(await this.policies.get(by, id));
  }

  /**
   * Change what the tenant decides; what is left out stays. Only system administrators change `mail_sender` and
   * who joins on their own (`auto_join_…`), and add `allowed_email_domains` where somebody does. Networks that the caller
   * is in none of are refused, unless it is a system administrator, whom they do not bind.
   */
  @Patch()
  @RequiresFreshly('tenant:update', 'NOT_FOUND', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(TenantPolicyRequest, {
    'bind sessions to their device': { refresh_from_new_device: 'refuse' },
    'demand a second factor of every member': { mfa_required: true },
    'demand one of those who may do most': { mfa_required_roles: ['owner', 'admin'] },
    'ask for a second factor where there is risk': { mfa_above_risk: 50 },
    'ask for none because of risk': { mfa_above_risk: null },
    'let no former password come back': { password_history: 5 },
    'send mails in its own name': { mail_name: 'Acme' },
    'take in addresses of its own domains alone': { allowed_email_domains: ['acme.example', 'müller.example'] },
    'end sessions after a week': { session_max_days: 7 },
    'be used from certain networks alone': { ip_allowlist: ['203.0.113.0/24', '2001:db8:1::/48'] },
    'let no API key live longer than a month': { api_key_max_days: 30 },
    'make people of its domains members when they first sign in': {
      allowed_email_domains: ['acme.example'],
      auto_join_providers: ['google'],
      auto_join_role: 'analyst',
    },
  })
  async change(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Body() body: TenantPolicyRequest,
  ): Promise<TenantPolicyResponse> {
    const change = {
      refreshFromNewDevice: body.refresh_from_new_device,
      secondFactorRequired: body.mfa_required,
      secondFactorRequiredOf: body.mfa_required_roles,
      secondFactorAboveRisk: body.mfa_above_risk,
      passwordHistory: body.password_history,
      mailName: body.mail_name,
      mailSender: body.mail_sender,
      allowedEmailDomains: body.allowed_email_domains,
      sessionMaxDays: body.session_max_days,
      ipAllowlist: body.ip_allowlist,
      apiKeyMaxDays: body.api_key_max_days,
      autoJoinProviders: body.auto_join_providers,
      autoJoinRole: body.auto_join_role,
    };
    return TenantPolicyResponse.from(await this.policies.change(by, id, change, this.context.origin.ipAddress));
  }
}
