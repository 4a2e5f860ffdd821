import { CLOCK_SKEW_SECONDS } from '../../domain/access-token-claims';
import type { KeyTimes } from '../../domain/signing-keys/key-ring';

/** For how long a copy of the JWK set may be kept. */
export const JWKS_MAX_AGE_SECONDS = 300;

/** A copy may be fetched by one proxy just before it expires at another. */
const PUBLISH_SECONDS = 2 * JWKS_MAX_AGE_SECONDS;

/** No setting lets an access token live longer. Not the setting itself: another process may have another one. */
const LONGEST_ACCESS_SECONDS = 3600;

/** Another replica may sign for a second more, and clocks may differ. */
const DRAIN_MARGIN_SECONDS = 2 * CLOCK_SKEW_SECONDS;

export const KEY_TIMES: KeyTimes = {
  publishSeconds: PUBLISH_SECONDS,
  drainSeconds: LONGEST_ACCESS_SECONDS + DRAIN_MARGIN_SECONDS,
};
