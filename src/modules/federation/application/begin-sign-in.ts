import { Injectable } from '@nestjs/common';
import { NotFound, ValidationFailed } from '../../../kernel/domain-error';
import type { Principal } from '../../../kernel/principal';
import { FederationSettings } from '../../../platform/config/settings';
import { sha256 } from '../../../platform/crypto/sha256';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { isRedirectTarget } from '../domain/redirect-target';
import { type Linker, type Transaction, TRANSACTION_SECONDS, type TransactionKind } from '../domain/transaction';
import type { Opening } from './providers/identity-provider.port';
import { Providers } from './providers/providers.port';
import { Openings } from './transactions/openings';
import { OauthTransactions } from './transactions/oauth-transactions.port';

export type BeginInput = {
  readonly provider: string;
  readonly kind: TransactionKind;
  /** null: nowhere; a page says how it went. */
  readonly redirectUri: string | null;
  /** Id or slug of the tenant to be active; null: the user's oldest. */
  readonly tenant: string | null;
  /** Whose account the identity is to be linked to; null: somebody signs in. */
  readonly linker: Principal | null;
  /** What the browser keeps of a sign-in before; null: nothing. */
  readonly browserSecret: string | null;
  /** What a device that has signed in before keeps; null: nothing. */
  readonly deviceToken: string | null;
};

export type Begun = {
  /** Where the browser goes now. */
  readonly authorizationUrl: URL;
  readonly state: string;
  /** For the browser to keep: it alone ends what it began. */
  readonly browserSecret: string;
  readonly expiresInSeconds: number;
};

const NOT_ALLOWED = { field: 'redirect_uri', code: 'REDIRECT_URI_NOT_ALLOWED', message: 'Nobody is sent there.' };

/** Begins a sign-in at an identity provider, or the linking of an identity to the account of who is signed in. */
@Injectable()
export class BeginSignIn {
  constructor(
    private readonly providers: Providers,
    private readonly openings: Openings,
    private readonly transactions: OauthTransactions,
    private readonly work: UnitOfWork,
    private readonly settings: FederationSettings,
  ) {}

  /** Throws NotFound: no such provider; ValidationFailed; ProviderUnavailable. */
  async execute(input: BeginInput): Promise<Begun> {
    const provider = this.providers.find(input.provider);
    if (!provider) throw new NotFound();
    const { redirectUri } = input;
    if (redirectUri !== null && !isRedirectTarget(redirectUri, this.settings.redirectTargets)) {
      throw new ValidationFailed([NOT_ALLOWED]);
    }
    const link = input.linker && linkerOf(input.linker);
    const opening = this.openings.draw(provider.id);
    const authorizationUrl = await provider.authorizationUrl(opening);
    const browserSecret = this.openings.browserSecret(input.browserSecret);
    await this.keep({ ...input, link }, opening, browserSecret);
    return { authorizationUrl, state: opening.state, browserSecret, expiresInSeconds: TRANSACTION_SECONDS };
  }

  private async keep(
    { provider, kind, redirectUri, tenant, link, deviceToken }: BeginInput & Pick<Transaction, 'link'>,
    { state, nonce, codeVerifier }: Opening,
    browserSecret: string,
  ): Promise<void> {
    await this.work.run((now) =>
      this.transactions.add({
        id: this.openings.id(now),
        stateHash: sha256(state),
        browserHash: sha256(browserSecret),
        secrets: { nonce, codeVerifier, deviceToken },
        ...{ provider, kind, redirectUri, tenant, link },
        createdAt: now,
        expiresAt: new Date(now.getTime() + TRANSACTION_SECONDS * 1000),
      }),
    );
  }
}

/** Without a session nobody links: keys manage no credentials. */
function linkerOf({ userId, sessionId, tenantId }: Principal): Linker {
  if (sessionId === null) throw new NotFound();
  return { userId, sessionId, tenantId };
}
