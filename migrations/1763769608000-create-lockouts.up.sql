CREATE TABLE lockouts (
  account uuid CONSTRAINT lockouts_pkey PRIMARY KEY,
  failures integer NOT NULL DEFAULT 0,
  stopped_at timestamptz,
  sources jsonb NOT NULL DEFAULT '{}',
  checks jsonb NOT NULL DEFAULT '[]',
  changed_at timestamptz NOT NULL,
  CONSTRAINT lockouts_failures_counted CHECK (failures >= 0)
);

CREATE INDEX lockouts_of_nobody ON lockouts (changed_at) WHERE substr(account::text, 15, 1) = '8';

COMMENT ON TABLE lockouts IS 'Wrong passwords. No reference to users: a name that is nobody''s has a row too, or time would tell.';
COMMENT ON COLUMN lockouts.account IS 'The id of the user; of a name that is nobody''s, a UUID of version 8 made of it with a secret key.';
COMMENT ON COLUMN lockouts.failures IS 'In a row, from anywhere.';
COMMENT ON COLUMN lockouts.stopped_at IS 'Since when nobody but known devices signs in with the password.';
COMMENT ON COLUMN lockouts.sources IS 'Failures by source: {"network:203.0.113.0/24": {"failures", "lastFailedAt", "lockedUntil"}}, in milliseconds since 1970.';
COMMENT ON COLUMN lockouts.checks IS 'Passwords that are being compared: announced before, so that no more are compared than may fail.';
