/**
 * Whether a session `s` of user `u` goes on at the instant of a parameter: the one reading of that in SQL. A session of
 * an older version has no stamp.
 */
export const sessionInForceAt = (parameter: string): string =>
  `s.revoked_at IS NULL AND s.expires_at > ${parameter} AND s.idle_expires_at > ${parameter}
   AND (s.security_stamp IS NULL OR s.security_stamp = u.security_stamp)`;
