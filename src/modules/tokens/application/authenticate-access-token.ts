import { Injectable } from '@nestjs/common';
import { isUuid, sessionId, tenantId, userId } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';
import { readsVersion } from '../domain/access-token-claims';
import { AccessTokenRefused } from '../domain/errors';
import { AccessTokens, type VerifiedClaims } from './access-tokens.port';
import type { LiveSession } from './sessions/live-sessions.port';
import { SessionMemory } from './sessions/session-memory';

/** What was proven in a session beside the sign-in itself. */
export type SessionProofs = Pick<LiveSession, 'factorShownAt'>;

/** Turns an access token into whoever is calling now. */
@Injectable()
export class AuthenticateAccessToken {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly sessions: SessionMemory,
  ) {}

  /** What the token says, if it is ours and not expired. Throws AccessTokenRefused. */
  verify(token: string): Promise<VerifiedClaims> {
    return this.tokens.verify(token);
  }

  /** As `verify`; null for what is not a token of ours in its time. */
  async claimsOf(token: string): Promise<VerifiedClaims | null> {
    try {
      return await this.verify(token);
    } catch (error) {
      if (error instanceof AccessTokenRefused) return null;
      throw error;
    }
  }

  /** null when a claim is wrong, or the session is no longer in force for that user in that tenant. */
  async execute({
    sub,
    sid,
    tid,
    auth_time: authTime,
    api_version: version,
  }: VerifiedClaims): Promise<Principal | null> {
    if (!isId(sub) || !isId(sid) || !isId(tid) || typeof authTime !== 'number') return null;
    if (!readsVersion(version)) return null;
    const live = await this.sessions.find(sessionId(sid), userId(sub), tenantId(tid));
    if (live?.userId !== sub) return null;
    return {
      kind: 'user',
      userId: live.userId,
      tenantId: live.tenantId,
      sessionId: live.sessionId,
      apiKeyId: null,
      authenticatedAt: new Date(authTime * 1000),
      roles: live.roles,
      permissions: live.permissions,
      systemAdministrator: live.systemAdministrator,
      assurance: live.assurance,
      confined: live.confined,
      networks: live.networks,
    };
  }

  /** Whether the session of a caller is in force at this very moment. Who has no session is not asked. */
  async isInForce({ sessionId: id, tenantId: tenant }: Pick<Principal, 'sessionId' | 'tenantId'>): Promise<boolean> {
    return id === null || (await this.sessions.look(id, tenant)) !== null;
  }

  /** Of the session of a caller at this very moment; null: it is over, or there is none. */
  async proofsOf({ sessionId: id, tenantId: tenant }: Principal): Promise<SessionProofs | null> {
    const live = id && (await this.sessions.look(id, tenant));
    return live && { factorShownAt: live.factorShownAt };
  }
}

const isId = (claim: unknown): claim is string => typeof claim === 'string' && isUuid(claim);
