import { Module, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../platform/database/unit-of-work';
import type { DomainEvent } from '../../platform/events/event-log';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { IdentityModule } from '../identity/identity.module';
import { TenancyModule } from '../tenancy/tenancy.module';
import { ApiKeysFacade } from './api-keys.facade';
import { AccessTokens } from './application/access-tokens.port';
import { ApiKeyCodec } from './application/api-keys/api-key-codec.port';
import { ApiKeyQueries } from './application/api-keys/api-key-queries';
import { ApiKeys } from './application/api-keys/api-keys.port';
import { AuthenticateApiKey } from './application/api-keys/authenticate-api-key';
import { ChangeApiKey } from './application/api-keys/change-api-key';
import { DeniedUses } from './application/api-keys/denied-uses';
import { KeyUses } from './application/api-keys/key-uses.port';
import { LiveApiKeys } from './application/api-keys/live-api-keys.port';
import { MintApiKey } from './application/api-keys/mint-api-key';
import { MinterRights } from './application/api-keys/minter-rights';
import { RevokeApiKey } from './application/api-keys/revoke-api-key';
import { RevokeUnprovenKeys } from './application/api-keys/revoke-unproven-keys';
import { RotateApiKey } from './application/api-keys/rotate-api-key';
import { AuthenticateAccessToken } from './application/authenticate-access-token';
import { ForgetErased } from './application/forget-erased';
import { IntrospectToken } from './application/introspect-token';
import { RefreshTokenCodec } from './application/refresh-token-codec.port';
import { RevokeToken } from './application/revoke-token';
import { RotateRefreshToken } from './application/rotate-refresh-token';
import { RotationRecord } from './application/rotation-record';
import { Devices } from './application/sessions/devices.port';
import { EndMemberSessions } from './application/sessions/end-member-sessions';
import { EndTenantSessions } from './application/sessions/end-tenant-sessions';
import { EndOtherSessions } from './application/sessions/end-other-sessions';
import { EndSession } from './application/sessions/end-session';
import { LastSeen } from './application/sessions/last-seen.port';
import { LiveSessions } from './application/sessions/live-sessions.port';
import { OpenSessions } from './application/sessions/open-sessions';
import { ReauthenticateSession } from './application/sessions/reauthenticate-session';
import { RemoveEndedSessions } from './application/sessions/remove-ended-sessions';
import { RequireOpenSession } from './application/sessions/require-open-session';
import { RevokeSessions } from './application/sessions/revoke-sessions';
import { SecurityNotices } from './application/sessions/security-notices';
import { SessionMemory } from './application/sessions/session-memory';
import { SessionQueries } from './application/sessions/session-queries';
import { Sessions } from './application/sessions/sessions.port';
import { StartSession } from './application/sessions/start-session';
import { SwitchRecord } from './application/sessions/switch-record';
import { SwitchTenant } from './application/sessions/switch-tenant';
import { KeyMaker } from './application/signing-keys/key-material.port';
import { KeyRingChanges } from './application/signing-keys/key-ring-changes';
import { KeyRings } from './application/signing-keys/key-rings.port';
import { SigningKeyAdministration } from './application/signing-keys/signing-key-administration';
import { SigningKeys } from './application/signing-keys/signing-keys.port';
import { TendSigningKeys } from './application/signing-keys/tend-signing-keys';
import { TokenPairs } from './application/token-pairs';
import { ApiKeysController } from './http/api-keys.controller';
import { SessionsController } from './http/sessions.controller';
import { SwitchTenantController } from './http/switch-tenant.controller';
import { TokenStatusController } from './http/token-status.controller';
import { TokensController } from './http/tokens.controller';
import { WellKnownController } from './http/well-known.controller';
import { ApiKeyRow } from './infrastructure/api-keys/api-key.row';
import { BatchedKeyUses } from './infrastructure/api-keys/batched-key-uses';
import { HmacApiKeyCodec } from './infrastructure/api-keys/hmac-api-key-codec';
import { SqlLiveApiKeys } from './infrastructure/api-keys/sql-live-api-keys';
import { TypeOrmApiKeyQueries } from './infrastructure/api-keys/typeorm-api-key-queries';
import { TypeOrmApiKeys } from './infrastructure/api-keys/typeorm-api-keys';
import { HmacRefreshTokenCodec } from './infrastructure/hmac-refresh-token-codec';
import { JoseAccessTokens } from './infrastructure/jose-access-tokens';
import { BatchedLastSeen } from './infrastructure/sessions/batched-last-seen';
import { BowserDevices } from './infrastructure/sessions/bowser-devices';
import { SessionRow } from './infrastructure/sessions/session.row';
import { SqlLiveSessions } from './infrastructure/sessions/sql-live-sessions';
import { SqlSessionQueries } from './infrastructure/sessions/sql-session-queries';
import { TypeOrmSessions } from './infrastructure/sessions/typeorm-sessions';
import { NodeKeyMaker } from './infrastructure/signing-keys/node-key-maker';
import { SigningKeyRow } from './infrastructure/signing-keys/signing-key.row';
import { StoredSigningKeys } from './infrastructure/signing-keys/stored-signing-keys';
import { TypeOrmKeyRings } from './infrastructure/signing-keys/typeorm-key-rings';
import { TokensPersonalData } from './infrastructure/tokens-personal-data';
import { SessionsFacade } from './sessions.facade';
import { SigningKeysFacade } from './signing-keys.facade';
import { TenantSubscriptions } from './tenant-subscriptions';
import { TokenChores } from './token-chores';
import { OpenSessionSubscriptions } from './open-session-subscriptions';
import { TokenSubscriptions } from './token-subscriptions';
import { TokensFacade } from './tokens.facade';

export const tokenRows = [ApiKeyRow, SessionRow, SigningKeyRow];

/** Access tokens, refresh tokens, the sessions behind them and the keys they are signed with. */
@Module({
  imports: [IdentityModule, TenancyModule],
  controllers: [
    ApiKeysController,
    SessionsController,
    SwitchTenantController,
    TokensController,
    TokenStatusController,
    WellKnownController,
  ],
  providers: [
    AuthenticateAccessToken,
    EndMemberSessions,
    EndOtherSessions,
    EndTenantSessions,
    EndSession,
    ForgetErased,
    IntrospectToken,
    KeyRingChanges,
    OpenSessions,
    OpenSessionSubscriptions,
    ReauthenticateSession,
    RemoveEndedSessions,
    RevokeSessions,
    RevokeToken,
    RotateRefreshToken,
    RotationRecord,
    SecurityNotices,
    SessionMemory,
    SigningKeyAdministration,
    SigningKeysFacade,
    StartSession,
    SwitchRecord,
    SwitchTenant,
    SessionsFacade,
    TendSigningKeys,
    TokenChores,
    TokenPairs,
    TokensPersonalData,
    RequireOpenSession,
    TenantSubscriptions,
    TokenSubscriptions,
    { provide: AccessTokens, useClass: JoseAccessTokens },
    { provide: Devices, useClass: BowserDevices },
    { provide: KeyMaker, useClass: NodeKeyMaker },
    { provide: KeyRings, useClass: TypeOrmKeyRings },
    { provide: LastSeen, useClass: BatchedLastSeen },
    { provide: SessionQueries, useClass: SqlSessionQueries },
    { provide: SigningKeys, useClass: StoredSigningKeys },
    { provide: RefreshTokenCodec, useClass: HmacRefreshTokenCodec },
    { provide: Sessions, useClass: TypeOrmSessions },
    { provide: LiveSessions, useClass: SqlLiveSessions },
    AuthenticateApiKey,
    ChangeApiKey,
    DeniedUses,
    MinterRights,
    MintApiKey,
    RevokeApiKey,
    RotateApiKey,
    RevokeUnprovenKeys,
    { provide: ApiKeyCodec, useClass: HmacApiKeyCodec },
    { provide: ApiKeyQueries, useClass: TypeOrmApiKeyQueries },
    { provide: ApiKeys, useClass: TypeOrmApiKeys },
    { provide: KeyUses, useClass: BatchedKeyUses },
    { provide: LiveApiKeys, useClass: SqlLiveApiKeys },
    ApiKeysFacade,
    TokensFacade,
  ],
  exports: [ApiKeysFacade, SigningKeysFacade, SessionsFacade, TokensFacade],
})
export class TokensModule implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly work: UnitOfWork,
    private readonly sessions: SessionMemory,
    private readonly signingKeys: SigningKeys,
  ) {}

  onModuleInit(): void {
    this.subscriptions.subscribe('*', (event) => {
      this.forgetWhatChanged(event);
      return Promise.resolve();
    });
  }

  /** On the replica that changed something the change holds at once. */
  private forgetWhatChanged(event: DomainEvent): void {
    this.sessions.onEvent(event);
    if (event.target?.type !== 'signing_key') return;
    this.work.afterCommit(() => {
      this.signingKeys.forget();
    });
  }
}
