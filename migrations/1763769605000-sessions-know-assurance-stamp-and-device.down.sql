DROP INDEX sessions_ended;
ALTER TABLE sessions
  DROP COLUMN assurance,
  DROP COLUMN security_stamp,
  DROP COLUMN device_fingerprint,
  DROP COLUMN last_seen_at;
