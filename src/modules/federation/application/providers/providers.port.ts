import type { IdentityProvider } from './identity-provider.port';

/** The identity providers that are configured. */
export abstract class Providers {
  /** In the order of the settings. */
  abstract list(): readonly IdentityProvider[];

  abstract find(id: string): IdentityProvider | null;
}
