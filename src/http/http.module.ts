import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { ThrottlerModule } from '@nestjs/throttler';
import { IdentityModule } from '../modules/identity/identity.module';
import { MfaModule } from '../modules/mfa/mfa.module';
import { TenancyModule } from '../modules/tenancy/tenancy.module';
import { TokensModule } from '../modules/tokens/tokens.module';
import { TokenBuckets } from '../platform/limits/token-buckets';
import { AccessGuard } from './access.guard';
import { AllowedMethods } from './allowed-methods';
import { ApiKeyStrategy } from './api-key.strategy';
import { AccessTokenGuard, ApiKeyGuard, AuthenticationGuard, CredentialCheck } from './authentication.guard';
import { BadApiKeys } from './bad-api-keys';
import { Confinement } from './confinement';
import { DeniedAccess } from './denied-access';
import { DevelopmentPrincipal } from './development-principal';
import { DocsController } from './docs.controller';
import { Draining } from './draining';
import { EveryRouteDeclaresAccess } from './every-route-declares-access';
import { Freshness } from './freshness';
import { HashingInterceptor } from './hashing.interceptor';
import { HealthController } from './health.controller';
import { InputPipe } from './input.pipe';
import { JwtStrategy } from './jwt.strategy';
import { NetworkRule } from './network-rule';
import { PresentedDevice } from './presented-device';
import { ProblemFilter } from './problem.filter';
import { RateLimitGuard, throttlerOptions } from './rate-limit.guard';
import { ReadinessChecks } from './readiness';
import { RequestQuotaGuard } from './request-quota.guard';
import { RequestBuckets } from './request-buckets';
import { RowScopeGuard } from './row-scope.guard';
import { TokenDeliveryInterceptor } from './token-delivery.interceptor';

/** The edge: what applies to every route. Guards run in the order they stand here. */
@Module({
  imports: [
    PassportModule,
    ThrottlerModule.forRootAsync({ inject: [TokenBuckets], useFactory: throttlerOptions }),
    DiscoveryModule,
    IdentityModule,
    MfaModule,
    TenancyModule,
    TokensModule,
  ],
  controllers: [HealthController, DocsController],
  providers: [
    JwtStrategy,
    ApiKeyStrategy,
    AccessTokenGuard,
    ApiKeyGuard,
    AllowedMethods,
    BadApiKeys,
    Confinement,
    DeniedAccess,
    CredentialCheck,
    DevelopmentPrincipal,
    Draining,
    EveryRouteDeclaresAccess,
    Freshness,
    NetworkRule,
    HashingInterceptor,
    PresentedDevice,
    ProblemFilter,
    ReadinessChecks,
    RequestBuckets,
    { provide: APP_GUARD, useClass: AuthenticationGuard },
    { provide: APP_GUARD, useClass: RowScopeGuard },
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useClass: RequestQuotaGuard },
    { provide: APP_PIPE, useClass: InputPipe },
    { provide: APP_INTERCEPTOR, useExisting: HashingInterceptor },
    { provide: APP_INTERCEPTOR, useClass: TokenDeliveryInterceptor },
    { provide: APP_FILTER, useExisting: ProblemFilter },
  ],
})
export class HttpModule {}
