import type { ProviderSettings } from '../../src/platform/config/settings';
import { readSettings } from '../../src/platform/config/read-settings';
import { Log } from '../../src/platform/logging/log';
import { GuardedOutboundClient } from '../../src/platform/network/outbound/guarded-outbound-client';
import type { Opening } from '../../src/modules/federation/application/providers/identity-provider.port';
import { ProviderCalls } from '../../src/modules/federation/infrastructure/provider-calls';
import type { Clock } from '../../src/platform/time/clock';
import { SystemClock } from '../../src/platform/time/clock';

/** Keeps what would have been logged. */
export class KeptWarnings extends Log {
  readonly warnings: string[] = [];

  constructor() {
    super('silent');
  }

  override warn(message: unknown): void {
    this.warnings.push(String(message));
  }
}

/** As the service asks, through the guard; `budgetMs` is how long a question may take. */
export function callsOf(log: Log, budgetMs?: number, clock: Clock = new SystemClock()): ProviderCalls {
  const { outbound, process } = readSettings({ NODE_ENV: 'test' });
  return new ProviderCalls(new GuardedOutboundClient(outbound, process), clock, log, budgetMs);
}

/** Of an issuer whose word is taken for addresses, unless the test says otherwise. */
export function aProvider(given: Pick<ProviderSettings, 'issuer'> & Partial<ProviderSettings>): ProviderSettings {
  const scopes = ['openid', 'email', 'profile'];
  return { kind: 'oidc', id: 'acme', name: 'Acme', clientId: '', clientSecret: '', scopes, trustEmail: true, ...given };
}

/** As a transaction has it. */
export function anOpening(given: Partial<Opening> = {}): Opening {
  return {
    state: 'state-of-thirty-two-random-bytes',
    nonce: 'nonce-of-thirty-two-random-bytes',
    codeVerifier: 'verifier-of-forty-three-or-more-characters-0123456789',
    redirectUri: 'http://127.0.0.1:9/api/v1/auth/oauth/acme/callback',
    ...given,
  };
}
