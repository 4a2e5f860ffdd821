import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';
import { TokenSettings } from '../../../platform/config/settings';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import type { SessionState } from '../domain/session';
import type { VerifiedClaims } from './access-tokens.port';
import { AuthenticateAccessToken } from './authenticate-access-token';
import { OpenSessions } from './sessions/open-sessions';
import { FIRST_PARTY } from './token-pairs';

/** What RFC 7662 (2.2) says of a token that is in force: its claims, with the grants of this moment. */
export type Introspection = Readonly<Record<string, unknown>>;

/** Tells a resource server whether a token of its tenant is in force. Looking at a token uses up nothing of it. */
@Injectable()
export class IntrospectToken {
  constructor(
    private readonly authentication: AuthenticateAccessToken,
    private readonly open: OpenSessions,
    private readonly work: UnitOfWork,
    private readonly settings: TokenSettings,
  ) {}

  /**
   * null for every token that is not in force in the tenant of the caller, for whatever reason; also where the session is
   * good for nothing there but what leads to a second factor.
   */
  async execute(by: Principal, token: string): Promise<Introspection | null> {
    const claims = await this.authentication.claimsOf(token);
    return claims ? this.ofAccessToken(claims, by.tenantId) : this.ofRefreshToken(token, by.tenantId);
  }

  private async ofAccessToken(claims: VerifiedClaims, tenant: TenantId): Promise<Introspection | null> {
    const holder = await this.authentication.execute(claims);
    if (holder?.tenantId !== tenant || holder.confined) return null;
    return { ...claims, roles: holder.roles, permissions: holder.permissions, token_type: 'Bearer' };
  }

  private ofRefreshToken(token: string, tenant: TenantId): Promise<Introspection | null> {
    return this.work.run(async (now) => {
      const found = await this.open.takeByRefreshToken(token);
      const worth = found && (await this.open.worthOf(found.session, now));
      if (!found || worth?.tenantId !== tenant || worth.confined) return null;
      const state = found.session.snapshot();
      return found.generation === state.generation ? this.describe(state) : null;
    });
  }

  private describe(session: SessionState): Introspection {
    const ends = Math.min(session.expiresAt.getTime(), session.idleExpiresAt.getTime());
    return {
      token_type: 'refresh_token',
      iss: this.settings.issuer,
      sub: session.userId,
      sid: session.id,
      tid: session.tenantId,
      client_id: FIRST_PARTY,
      iat: Math.floor(session.rotatedAt.getTime() / 1000),
      exp: Math.floor(ends / 1000),
    };
  }
}
