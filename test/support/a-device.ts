import type { Principal } from '../../src/kernel/principal';
import type { SwitchInput } from '../../src/modules/tokens/application/sessions/switch-tenant';
import type { ClientTraits } from '../../src/modules/tokens/application/sessions/devices.port';
import type { RefreshInput } from '../../src/modules/tokens/application/rotate-refresh-token';

export const FIREFOX_ON_WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0';
export const SAFARI_ON_IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1';

/** The headers of Firefox on Windows. */
export function aClient(overrides: Partial<ClientTraits> = {}): ClientTraits {
  return { ipAddress: '203.0.113.7', userAgent: FIREFOX_ON_WINDOWS, acceptLanguage: 'de-DE,de;q=0.9', ...overrides };
}

/** A refresh by the device the tests sign in on. */
export function aRefresh(refreshToken: string, overrides: Partial<RefreshInput> = {}): RefreshInput {
  return { refreshToken, alsoOf: null, client: aClient(), ...overrides };
}

/** A switch by the device the tests sign in on. */
export function aSwitch(by: Principal, tenant: string, overrides: Partial<SwitchInput> = {}): SwitchInput {
  return { by, tenant, client: aClient(), ...overrides };
}
