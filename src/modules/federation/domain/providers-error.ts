import type { DomainError } from '../../../kernel/domain-error';
import { FederatedSignInRefused, ProviderDeclined, ProviderUnavailable } from './errors';

/** What an error means that a provider sends by the browser in the place of a code. */
export type ProvidersError = {
  /** For the record. */
  readonly reason: 'provider_unavailable' | 'declined' | 'provider_error';
  readonly error: DomainError;
};

/** RFC 6749, 4.1.2.1, and OpenID Connect Core 1.0, 3.1.2.6: what was for the user to decide, and what is for time. */
const DECLINED = ['access_denied', 'interaction_required', 'login_required', 'consent_required'];
const AWAY = ['server_error', 'temporarily_unavailable'];

/** In words of ours: whoever made the address may have written those of the provider. */
export function meaningOf(error: string): ProvidersError {
  if (AWAY.includes(error)) return { reason: 'provider_unavailable', error: new ProviderUnavailable('said_so') };
  if (DECLINED.includes(error)) return { reason: 'declined', error: new ProviderDeclined() };
  return { reason: 'provider_error', error: new FederatedSignInRefused() };
}
