import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { MfaModule } from '../mfa/mfa.module';
import { TenancyModule } from '../tenancy/tenancy.module';
import { TokensModule } from '../tokens/tokens.module';
import { AssessRisk } from './application/assess-risk';
import { CreateAccount } from './application/create-account';
import { FamiliarPlaces } from './application/familiar-places.port';
import { RemoveForgottenPlaces } from './application/remove-forgotten-places';
import { Entrance } from './application/entrance';
import { SignIn } from './application/sign-in';
import { SignUp } from './application/sign-up';
import { SigninJournal } from './application/signin-journal';
import { StepUp } from './application/step-up';
import { MeController } from './http/me.controller';
import { RegistrationController } from './http/registration.controller';
import { SignInController } from './http/signin.controller';
import { StepUpController } from './http/step-up.controller';
import { SigninPersonalData } from './infrastructure/signin-personal-data';
import { SqlFamiliarPlaces } from './infrastructure/sql-familiar-places';
import { SigninChores } from './signin-chores';
import { SigninFacade } from './signin.facade';
import { SigninSubscriptions } from './signin-subscriptions';

/** The flow: credentials, tenant, second factor, tokens. It stands above the modules it leads through. */
@Module({
  imports: [IdentityModule, TenancyModule, MfaModule, TokensModule],
  controllers: [RegistrationController, SignInController, StepUpController, MeController],
  providers: [
    AssessRisk,
    CreateAccount,
    Entrance,
    RemoveForgottenPlaces,
    SignIn,
    SigninChores,
    SigninJournal,
    SigninPersonalData,
    SigninSubscriptions,
    SignUp,
    StepUp,
    { provide: FamiliarPlaces, useClass: SqlFamiliarPlaces },
    SigninFacade,
  ],
  exports: [SigninFacade],
})
export class SigninModule {}
