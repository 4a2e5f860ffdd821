import { Module, type OnModuleInit } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { MfaFacade } from '../mfa/mfa.facade';
import { MfaModule } from '../mfa/mfa.module';
import { SecondFactors } from '../tenancy/second-factors.facade';
import { TenancyModule } from '../tenancy/tenancy.module';
import { TokensModule } from '../tokens/tokens.module';
import { AcceptInvitation } from './application/accept-invitation';
import { AssessRisk } from './application/assess-risk';
import { CreateAccount } from './application/create-account';
import { Entrance } from './application/entrance';
import { FamiliarPlaces } from './application/familiar-places.port';
import { InvitedByPage } from './application/invited-by-page';
import { InvitedEntrance } from './application/invited-entrance';
import { InvitedMember } from './application/invited-member';
import { InvitedNewcomer } from './application/invited-newcomer';
import { InvitedSession } from './application/invited-session';
import { JoinByInvitation } from './application/join-by-invitation';
import { RemoveForgottenPlaces } from './application/remove-forgotten-places';
import { SignIn } from './application/sign-in';
import { SignUp } from './application/sign-up';
import { SigninJournal } from './application/signin-journal';
import { StepUp } from './application/step-up';
import { AcceptInvitationPage } from './http/accept-invitation.page';
import { InvitationAcceptanceController } from './http/invitation-acceptance.controller';
import { MeController } from './http/me.controller';
import { RegistrationController } from './http/registration.controller';
import { SignInController } from './http/signin.controller';
import { StepUpController } from './http/step-up.controller';
import { SigninPersonalData } from './infrastructure/signin-personal-data';
import { SqlFamiliarPlaces } from './infrastructure/sql-familiar-places';
import { SigninChores } from './signin-chores';
import { SigninSubscriptions } from './signin-subscriptions';
import { SigninFacade } from './signin.facade';

/** The flow: credentials, tenant, second factor, tokens. It stands above the modules it leads through. */
@Module({
  imports: [IdentityModule, TenancyModule, MfaModule, TokensModule],
  controllers: [
    AcceptInvitationPage,
    InvitationAcceptanceController,
    RegistrationController,
    SignInController,
    StepUpController,
    MeController,
  ],
  providers: [
    AcceptInvitation,
    AssessRisk,
    CreateAccount,
    Entrance,
    InvitedEntrance,
    InvitedMember,
    InvitedNewcomer,
    InvitedSession,
    InvitedByPage,
    JoinByInvitation,
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
export class SigninModule implements OnModuleInit {
  constructor(
    private readonly factors: SecondFactors,
    private readonly mfa: MfaFacade,
  ) {}

  /** Tenancy and second factors do not know each other. */
  onModuleInit(): void {
    this.factors.register((user) => this.mfa.removeAll(user));
  }
}
