import { Module, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { PASSWORD_CHANGED } from '../identity/identity.events';
import { AccessTokenSigner } from './application/access-token-signer.port';
import { AuthenticateAccessToken } from './application/authenticate-access-token';
import { EndOtherSessions } from './application/end-other-sessions';
import { EndSession } from './application/end-session';
import { LiveSessions } from './application/live-sessions.port';
import { OpenSessions } from './application/open-sessions';
import { RefreshTokenCodec } from './application/refresh-token-codec.port';
import { RotateRefreshToken } from './application/rotate-refresh-token';
import { Sessions } from './application/sessions.port';
import { SigningKeys } from './application/signing-keys.port';
import { StartSession } from './application/start-session';
import { TokenPairs } from './application/token-pairs';
import { TokensController } from './http/tokens.controller';
import { WellKnownController } from './http/well-known.controller';
import { HmacRefreshTokenCodec } from './infrastructure/hmac-refresh-token-codec';
import { JwtAccessTokenSigner } from './infrastructure/jwt-access-token-signer';
import { SessionRow } from './infrastructure/session.row';
import { SigningKeyRow } from './infrastructure/signing-key.row';
import { SqlLiveSessions } from './infrastructure/sql-live-sessions';
import { StoredSigningKeys } from './infrastructure/stored-signing-keys';
import { TypeOrmSessions } from './infrastructure/typeorm-sessions';
import { TokensFacade } from './tokens.facade';

export const tokenRows = [SessionRow, SigningKeyRow];

/** Access tokens, refresh tokens, the sessions behind them and the keys they are signed with. */
@Module({
  controllers: [TokensController, WellKnownController],
  providers: [
    AuthenticateAccessToken,
    EndOtherSessions,
    EndSession,
    OpenSessions,
    RotateRefreshToken,
    StartSession,
    TokenPairs,
    StoredSigningKeys,
    { provide: SigningKeys, useExisting: StoredSigningKeys },
    { provide: AccessTokenSigner, useClass: JwtAccessTokenSigner },
    { provide: RefreshTokenCodec, useClass: HmacRefreshTokenCodec },
    { provide: Sessions, useClass: TypeOrmSessions },
    { provide: LiveSessions, useClass: SqlLiveSessions },
    TokensFacade,
  ],
  exports: [TokensFacade],
})
export class TokensModule implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly endOtherSessions: EndOtherSessions,
  ) {}

  onModuleInit(): void {
    this.subscriptions.subscribe(PASSWORD_CHANGED, (event) => this.endOtherSessions.onPasswordChanged(event));
  }
}
