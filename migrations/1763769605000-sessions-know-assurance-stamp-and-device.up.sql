ALTER TABLE sessions
  ADD COLUMN assurance text NOT NULL DEFAULT 'aal1',
  ADD COLUMN security_stamp uuid,
  ADD COLUMN device_fingerprint text,
  ADD COLUMN last_seen_at timestamptz,
  ADD CONSTRAINT sessions_assurance_known CHECK (assurance IN ('aal1', 'aal2'));

CREATE INDEX sessions_ended ON sessions (LEAST(expires_at, idle_expires_at, revoked_at));

COMMENT ON COLUMN sessions.assurance IS 'How surely the user was known at sign-in (NIST 800-63B); the session''s lifetimes follow it.';
COMMENT ON COLUMN sessions.security_stamp IS 'The user''s stamp of sign-in: when the user gets another, the session is over. NULL: opened by an older version, which ends sessions one by one.';
COMMENT ON COLUMN sessions.device_fingerprint IS 'A version, and the SHA-256 of what stays the same in a client''s headers. NULL: not known.';
COMMENT ON COLUMN sessions.last_seen_at IS 'Written in batches, some seconds late. NULL: not since rotated_at.';
