import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { MfaModule } from '../mfa/mfa.module';
import { TenancyModule } from '../tenancy/tenancy.module';
import { TokensModule } from '../tokens/tokens.module';
import { CreateAccount } from './application/create-account';
import { SignIn } from './application/sign-in';
import { SignUp } from './application/sign-up';
import { StepUp } from './application/step-up';
import { MeController } from './http/me.controller';
import { RegistrationController } from './http/registration.controller';
import { SignInController } from './http/signin.controller';
import { StepUpController } from './http/step-up.controller';
import { SigninFacade } from './signin.facade';

/** The flow: credentials, tenant, second factor, tokens. It stands above the modules it leads through. */
@Module({
  imports: [IdentityModule, TenancyModule, MfaModule, TokensModule],
  controllers: [RegistrationController, SignInController, StepUpController, MeController],
  providers: [CreateAccount, SignIn, SignUp, StepUp, SigninFacade],
  exports: [SigninFacade],
})
export class SigninModule {}
