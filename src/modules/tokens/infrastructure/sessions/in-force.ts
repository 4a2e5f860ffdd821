/** When a session `s` ends by itself in tenant `t`, which may want it to end before the settings do (NULL: it does not). */
export const SESSION_END =
  "LEAST(s.expires_at, s.idle_expires_at, s.created_at + t.session_max_days * interval '24 hours')";

/**
 * Whether a session `s` of user `u` goes on in tenant `t` at the instant of a parameter: the one reading of that in
 * SQL. A session of an older version has no stamp.
 */
export const sessionInForceAt = (parameter: string): string =>
  `s.revoked_at IS NULL AND ${SESSION_END} > ${parameter}
   AND (s.security_stamp IS NULL OR s.security_stamp = u.security_stamp)`;
