import { Providers } from '../providers/providers.port';
import type { LinkedIdentity } from './linked-identities.port';

/**
 * Which of a user's identities are meant by what a provider is called: those of its issuer, whatever the settings called that
 * when they were linked; where there is none, those that were linked under the name.
 */
export function meantLinks(
  links: readonly LinkedIdentity[],
  provider: string,
  providers: Pick<Providers, 'find'>,
): readonly LinkedIdentity[] {
  const issuer = providers.find(provider)?.issuer;
  const ofIssuer = links.filter((link) => link.issuer === issuer);
  return ofIssuer.length > 0 ? ofIssuer : links.filter((link) => link.provider === provider);
}
