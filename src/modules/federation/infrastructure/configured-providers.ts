import { Injectable } from '@nestjs/common';
import { FederationSettings } from '../../../platform/config/settings';
import { Clock } from '../../../platform/time/clock';
import type { IdentityProvider } from '../application/providers/identity-provider.port';
import { Providers } from '../application/providers/providers.port';
import { GithubProvider } from './github/github-provider';
import { OidcProvider } from './oidc/oidc-provider';
import { ProviderCalls } from './provider-calls';

/** Those of the settings. Each keeps what it learned of its issuer as long as the process runs. */
@Injectable()
export class ConfiguredProviders extends Providers {
  private readonly providers: ReadonlyMap<string, IdentityProvider>;

  constructor({ providers }: FederationSettings, calls: ProviderCalls, clock: Clock) {
    super();
    this.providers = new Map(
      providers.map((settings) => {
        const Kind = settings.kind === 'github' ? GithubProvider : OidcProvider;
        return [settings.id, new Kind(settings, calls, clock)];
      }),
    );
  }

  list(): readonly IdentityProvider[] {
    return [...this.providers.values()];
  }

  find(id: string): IdentityProvider | null {
    return this.providers.get(id) ?? null;
  }
}
