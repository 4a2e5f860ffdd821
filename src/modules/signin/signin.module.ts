import { Module, type OnModuleInit } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { MfaFacade } from '../mfa/mfa.facade';
import { MfaModule } from '../mfa/mfa.module';
import { SecondFactors } from '../tenancy/second-factors.facade';
import { TenancyModule } from '../tenancy/tenancy.module';
import { TokensModule } from '../tokens/tokens.module';
import { AcceptInvitation } from './application/invited/accept-invitation';
import { AnswerChallenge } from './application/challenges/answer-challenge';
import { Challenges } from './application/challenges/challenges.port';
import { GiveChallenge } from './application/challenges/give-challenge';
import { PassChallenge } from './application/challenges/pass-challenge';
import { PresentedChallenges } from './application/challenges/presented-challenges';
import { RemoveEndedChallenges } from './application/challenges/remove-ended-challenges';
import { SendChallengeCode } from './application/challenges/send-challenge-code';
import { TrustDevice } from './application/challenges/trust-device';
import { VerifyChallenge } from './application/challenges/verify-challenge';
import { WaitingChallenge } from './application/challenges/waiting-challenge';
import { AssessRisk } from './application/assess-risk';
import { CreateAccount } from './application/create-account';
import { Entrance } from './application/entrance/entrance';
import { Gate } from './application/entrance/gate';
import { OpenSession } from './application/entrance/open-session';
import { Reminder } from './application/entrance/reminder';
import { FamiliarPlaces } from './application/familiar-places.port';
import { InvitedByPage } from './application/invited/invited-by-page';
import { InvitedEntrance } from './application/invited/invited-entrance';
import { InvitedMember } from './application/invited/invited-member';
import { InvitedNewcomer } from './application/invited/invited-newcomer';
import { InvitedSession } from './application/invited/invited-session';
import { JoinByInvitation } from './application/invited/join-by-invitation';
import { RemoveForgottenPlaces } from './application/remove-forgotten-places';
import { SignIn } from './application/sign-in';
import { SignUp } from './application/sign-up';
import { SigninJournal } from './application/signin-journal';
import { SendStepUpCode } from './application/step-up/send-step-up-code';
import { StepUp } from './application/step-up/step-up';
import { StepUpByFactor } from './application/step-up/step-up-by-factor';
import { StepUpByPassword } from './application/step-up/step-up-by-password';
import { AcceptInvitationPage } from './http/accept-invitation.page';
import { ChallengeController } from './http/challenge.controller';
import { InvitationAcceptanceController } from './http/invitation-acceptance.controller';
import { MeController } from './http/me.controller';
import { RegistrationController } from './http/registration.controller';
import { SecondFactorCookie } from './http/second-factor-cookie';
import { SecondFactorScreen } from './http/second-factor-screen';
import { SecondFactorPage } from './http/second-factor.page';
import { SignInController } from './http/signin.controller';
import { StepUpController } from './http/step-up.controller';
import { SigninPersonalData } from './infrastructure/signin-personal-data';
import { SqlChallenges } from './infrastructure/sql-challenges';
import { SqlFamiliarPlaces } from './infrastructure/sql-familiar-places';
import { SigninChores } from './signin-chores';
import { SigninSubscriptions } from './signin-subscriptions';
import { WhoAmI } from './application/who-am-i';
import { FederatedEntrance } from './federated-entrance.facade';
import { SigninFacade } from './signin.facade';

/** The flow: credentials, tenant, second factor, tokens. It stands above the modules it leads through. */
@Module({
  imports: [IdentityModule, TenancyModule, MfaModule, TokensModule],
  controllers: [
    AcceptInvitationPage,
    ChallengeController,
    InvitationAcceptanceController,
    RegistrationController,
    SecondFactorPage,
    SignInController,
    StepUpController,
    MeController,
  ],
  providers: [
    WhoAmI,
    AcceptInvitation,
    AnswerChallenge,
    AssessRisk,
    CreateAccount,
    Entrance,
    Gate,
    GiveChallenge,
    InvitedByPage,
    InvitedEntrance,
    InvitedMember,
    InvitedNewcomer,
    InvitedSession,
    JoinByInvitation,
    OpenSession,
    PassChallenge,
    PresentedChallenges,
    Reminder,
    RemoveEndedChallenges,
    RemoveForgottenPlaces,
    SecondFactorCookie,
    SecondFactorScreen,
    SendChallengeCode,
    SendStepUpCode,
    SignIn,
    SigninChores,
    SigninJournal,
    SigninPersonalData,
    SigninSubscriptions,
    SignUp,
    StepUp,
    StepUpByFactor,
    StepUpByPassword,
    TrustDevice,
    VerifyChallenge,
    WaitingChallenge,
    { provide: Challenges, useClass: SqlChallenges },
    { provide: FamiliarPlaces, useClass: SqlFamiliarPlaces },
    FederatedEntrance,
    SigninFacade,
  ],
  exports: [FederatedEntrance, SecondFactorCookie, SigninFacade],
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
