import { types } from 'node:util';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { ErrorCode } from '../kernel/domain-error';
import type { Principal } from '../kernel/principal';
import { AccessTokenRefused, TokensFacade } from '../modules/tokens/tokens.facade';
import { ACCESS, type Access } from '../platform/http/access';
import type { DoorwardRequest } from '../platform/http/request';
import { RequestContext } from '../platform/http/request-context';
import { isDatabaseAway } from '../platform/database/failures';
import { ALL_TENANTS, RowScopes } from '../platform/database/row-scope';
import { Clock } from '../platform/time/clock';
import { BadApiKeys, type HeaderSetter } from './bad-api-keys';
import { type PresentedCredential, presentedCredential } from './credentials';
import { DevelopmentPrincipal } from './development-principal';
import { Refusal } from './errors';

/** What passport-jwt says of a header that holds no bearer token. */
const NO_TOKEN = 'No auth token';

/** passport-jwt's answer, in the codes of the contract. */
@Injectable()
export class AccessTokenGuard extends AuthGuard('jwt') {
  override handleRequest<TUser>(error: unknown, user: TUser | false, info: unknown): TUser {
    if (info instanceof AccessTokenRefused) throw new Refusal(info.code);
    // Whatever else went wrong is no judgement about the token: the client must not throw it away.
    if (types.isNativeError(info) && info.message !== NO_TOKEN) throw info;
    return answer(error, user, 'TOKEN_INVALID', info);
  }
}

/** passport-headerapikey's answer, in the codes of the contract. */
@Injectable()
export class ApiKeyGuard extends AuthGuard('api-key') {
  override handleRequest<TUser>(error: unknown, user: TUser | false, info: unknown): TUser {
    return answer(error, user, 'API_KEY_INVALID', info);
  }
}

/** A credential that could not be looked up is not a wrong one: the client must not throw it away. */
function answer<TUser>(error: unknown, user: TUser | false, refusal: ErrorCode, info: unknown): TUser {
  if (types.isNativeError(error)) throw error;
  if (types.isNativeError(info) && isDatabaseAway(info)) throw info;
  if (!user) throw new Refusal(refusal);
  return user;
}

/**
 * Looks up whoever a credential stands for. Throws Refusal when it is not good, RateLimitExceeded when too many keys
 * were not.
 */
@Injectable()
export class CredentialCheck {
  constructor(
    private readonly accessToken: AccessTokenGuard,
    private readonly apiKey: ApiKeyGuard,
    private readonly development: DevelopmentPrincipal,
    private readonly scopes: RowScopes,
    private readonly badKeys: BadApiKeys,
  ) {}

  /** Which tenant a credential is of turns out only when it is found. */
  authenticate(execution: ExecutionContext, request: DoorwardRequest, credential: PresentedCredential): Promise<void> {
    return this.scopes.run(ALL_TENANTS, () => this.lookUp(execution, request, credential));
  }

  private async lookUp(
    execution: ExecutionContext,
    request: DoorwardRequest,
    credential: PresentedCredential,
  ): Promise<void> {
    request.user = await this.development.find();
    if (request.user) return;
    if (credential === 'access_token') await this.accessToken.canActivate(execution);
    if (credential === 'api_key') await this.authenticateKey(execution);
  }

  private async authenticateKey(execution: ExecutionContext): Promise<void> {
    try {
      await this.apiKey.canActivate(execution);
    } catch (error) {
      if (error instanceof Refusal) await this.badKeys.count(execution.switchToHttp().getResponse<HeaderSetter>());
      throw error;
    }
  }
}

/**
 * Puts the caller on the request, if there is one. Whether there must be one is for the AccessGuard to say.
 * On a public route a credential that is not good is set aside, not refused: clients send old ones along.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly credentials: CredentialCheck,
    private readonly context: RequestContext,
    private readonly tokens: TokensFacade,
    private readonly clock: Clock,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const request = execution.switchToHttp().getRequest<DoorwardRequest>();
    const rule = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      execution.getHandler(),
      execution.getClass(),
    ]);
    const credential = presentedCredential(request);
    // Health, keys and sign-in answer the same to all, so they wait for nobody to be looked up.
    if (rule?.kind === 'public' && !rule.knowsCaller) return true;
    try {
      await this.credentials.authenticate(execution, request, credential);
    } catch (error) {
      if (rule?.kind !== 'public' || !(error instanceof Refusal)) throw error;
      request.disbelief = error.code;
    }
    if (request.user) this.note(request.user);
    return true;
  }

  private note({ kind, userId, apiKeyId, sessionId }: Principal): void {
    const { origin } = this.context;
    Object.assign(origin, { actor: kind, actorId: userId, apiKeyId });
    if (sessionId !== null) this.tokens.noteUse(sessionId, origin.ipAddress, this.clock.now());
  }
}
