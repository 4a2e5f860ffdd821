import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { SigninModule } from '../signin/signin.module';
import { TenancyModule } from '../tenancy/tenancy.module';
import { TokensModule } from '../tokens/tokens.module';
import { BeginSignIn } from './application/begin-sign-in';
import { FederationJournal } from './application/federation-journal';
import { AccountOfIdentity } from './application/finish/account-of-identity';
import { ActOnAnswer } from './application/finish/act-on-answer';
import { AskProvider } from './application/finish/ask-provider';
import { ClaimIdentity } from './application/finish/claim-identity';
import { Finish } from './application/finish/finish';
import { FinishLink } from './application/finish/finish-link';
import { FinishSignIn } from './application/finish/finish-sign-in';
import { HoldAccount } from './application/finish/hold-account';
import { RegisterNewcomer } from './application/finish/register-newcomer';
import { AttachIdentity } from './application/links/attach-identity';
import { DropProviderTokens } from './application/links/drop-provider-tokens';
import { LinkedIdentities } from './application/links/linked-identities.port';
import { LinkMails } from './application/links/link-mails';
import { OwnLinks } from './application/links/own-links';
import { ReclaimLinks } from './application/links/reclaim-links';
import { UnlinkIdentity } from './application/links/unlink-identity';
import { OauthTransactions } from './application/transactions/oauth-transactions.port';
import { Openings } from './application/transactions/openings';
import { ReceiveAnswer } from './application/transactions/receive-answer';
import { RemoveEndedTransactions } from './application/transactions/remove-ended-transactions';
import { FederationChores } from './federation-chores';
import { FederationSubscriptions } from './federation-subscriptions';
import { identityProviders } from './identity-providers.providers';
import { LinksController } from './http/links.controller';
import { OauthCookie } from './http/oauth-cookie';
import { OauthCallbackController } from './http/oauth-callback.controller';
import { OauthController } from './http/oauth.controller';
import { Returning } from './http/returning';
import { SignInScreen } from './http/sign-in-screen';
import { FederationPersonalData } from './infrastructure/federation-personal-data';
import { SqlLinkedIdentities } from './infrastructure/sql-linked-identities';
import { SqlOauthTransactions } from './infrastructure/sql-oauth-transactions';

/** Sign-in through Google, GitHub and any OIDC issuer, and the identities there that open accounts here. */
@Module({
  imports: [IdentityModule, TenancyModule, TokensModule, SigninModule],
  controllers: [OauthController, OauthCallbackController, LinksController],
  providers: [
    AccountOfIdentity,
    ActOnAnswer,
    AskProvider,
    AttachIdentity,
    BeginSignIn,
    ClaimIdentity,
    DropProviderTokens,
    FederationChores,
    FederationJournal,
    FederationPersonalData,
    FederationSubscriptions,
    Finish,
    FinishLink,
    FinishSignIn,
    HoldAccount,
    LinkMails,
    OauthCookie,
    Openings,
    OwnLinks,
    ReceiveAnswer,
    ReclaimLinks,
    RegisterNewcomer,
    RemoveEndedTransactions,
    Returning,
    SignInScreen,
    UnlinkIdentity,
    { provide: LinkedIdentities, useClass: SqlLinkedIdentities },
    { provide: OauthTransactions, useClass: SqlOauthTransactions },
    ...identityProviders,
  ],
})
export class FederationModule {}
