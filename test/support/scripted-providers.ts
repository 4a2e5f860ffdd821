import type { INestApplicationContext } from '@nestjs/common';
import {
  type Answer,
  IdentityProvider,
  type Opening,
  type ProviderTokens,
  type Redeemed,
} from '../../src/modules/federation/application/providers/identity-provider.port';
import { Providers } from '../../src/modules/federation/application/providers/providers.port';
import { ProviderAnswerRefused } from '../../src/modules/federation/domain/errors';
import type { ProvenIdentity } from '../../src/modules/federation/domain/proven-identity';

export const PROVIDER_TOKENS: ProviderTokens = {
  accessToken: 'the access token of the provider',
  refreshToken: 'the refresh token of the provider',
  expiresAt: new Date('2026-01-01T01:00:00.000Z'),
  scope: 'openid email',
};

/** A provider in whose place the test says who signed in: each code is good for one opening, once. */
export class ScriptedProvider extends IdentityProvider {
  readonly issuer: string;
  /** What every answer fails with; null: none. */
  failure: Error | null = null;
  private readonly answers = new Map<string, { readonly state: string; readonly identity: ProvenIdentity }>();
  private readonly openings = new Map<string, Opening>();
  private codes = 0;

  constructor(
    readonly id: string,
    readonly name: string,
  ) {
    super();
    this.issuer = `https://${id}.example`;
  }

  authorizationUrl(opening: Opening): Promise<URL> {
    if (this.failure) return Promise.reject(this.failure);
    this.openings.set(opening.state, opening);
    const query = new URLSearchParams({ state: opening.state, redirect_uri: opening.redirectUri });
    return Promise.resolve(new URL(`${this.issuer}/authorize?${query.toString()}`));
  }

  /** Somebody signs in there, for whoever was sent with that state; the code that comes back. */
  signsIn(state: string, identity: ProvenIdentity): string {
    const code = `code-${(this.codes += 1)}`;
    this.answers.set(code, { state, identity });
    return code;
  }

  redeem({ code }: Answer, opening: Opening): Promise<Redeemed> {
    if (this.failure) return Promise.reject(this.failure);
    const answer = this.answers.get(code);
    const begun = answer && this.openings.get(answer.state);
    const isOfIt = begun !== undefined && JSON.stringify(begun) === JSON.stringify(opening);
    this.answers.delete(code);
    if (!answer || !isOfIt) return Promise.reject(new ProviderAnswerRefused('code_refused'));
    return Promise.resolve({ identity: answer.identity, tokens: PROVIDER_TOKENS });
  }

  /** Whom it vouches for. */
  identity(overrides: Partial<ProvenIdentity> = {}): ProvenIdentity {
    const subject = overrides.subject ?? `subject-${(this.codes += 1)}`;
    const named = { firstName: 'Ann', lastName: 'Example' };
    return { issuer: this.issuer, subject, email: `${subject}@example.com`, emailProven: true, ...named, ...overrides };
  }
}

/** Take the place of those of the settings. */
export class ScriptedProviders extends Providers {
  readonly acme = new ScriptedProvider('acme', 'Acme');
  readonly other = new ScriptedProvider('other', 'The Other');

  /** In a service that runs already: everything holds the one list there is, so it is that one that has to change. */
  static in(app: Pick<INestApplicationContext, 'get'>): ScriptedProviders {
    const scripted = new ScriptedProviders();
    const [list, find] = [() => scripted.list(), (id: string) => scripted.find(id)];
    Object.assign(app.get(Providers), { list, find });
    return scripted;
  }

  list(): readonly IdentityProvider[] {
    return [this.acme, this.other];
  }

  find(id: string): IdentityProvider | null {
    return this.list().find((provider) => provider.id === id) ?? null;
  }
}
