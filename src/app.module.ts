import { type DynamicModule, Module } from '@nestjs/common';
import { HttpModule } from './http/http.module';
import { AuditModule } from './modules/audit/audit.module';
import { FederationModule } from './modules/federation/federation.module';
import { identityRows, IdentityModule } from './modules/identity/identity.module';
import { MfaModule } from './modules/mfa/mfa.module';
import { SigninModule } from './modules/signin/signin.module';
import { tenancyRows, TenancyModule } from './modules/tenancy/tenancy.module';
import { tokenRows, TokensModule } from './modules/tokens/tokens.module';
import { Settings } from './platform/config/settings';
import { MailModule } from './platform/mail/mail.module';
import { OutboxModule, outboxRows } from './platform/outbox/outbox.module';
import { PlatformModule } from './platform/platform.module';
import { SmsModule } from './platform/sms/sms.module';

/** Every class that is mapped to a table. */
export const ROWS = [...identityRows, ...tenancyRows, ...tokenRows, ...outboxRows];

/** The whole service, put together. */
@Module({})
export class AppModule {
  /** @param patienceMs how long to wait for another process to let go of the embedded database */
  static forRoot(settings: Settings, patienceMs: number): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot({ settings, rows: ROWS, patienceMs }),
        OutboxModule,
        MailModule.forRoot(settings),
        SmsModule.forRoot(settings),
        AuditModule,
        IdentityModule,
        TenancyModule,
        MfaModule,
        TokensModule,
        SigninModule,
        FederationModule,
        HttpModule,
      ],
    };
  }
}
