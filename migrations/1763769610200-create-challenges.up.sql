CREATE TABLE challenges (
  id uuid CONSTRAINT challenges_pkey PRIMARY KEY,
  token_hash bytea NOT NULL,
  user_id uuid NOT NULL CONSTRAINT challenges_user REFERENCES users (id) ON DELETE CASCADE,
  tenant_id uuid NOT NULL CONSTRAINT challenges_tenant REFERENCES tenants (id) ON DELETE CASCADE,
  security_stamp uuid NOT NULL,
  authentication_methods text[] NOT NULL,
  remember_device boolean NOT NULL,
  by_username boolean NOT NULL,
  device_id text,
  risk_score smallint NOT NULL,
  risk_signals text[] NOT NULL,
  wrong_codes integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT challenges_token_unique UNIQUE (token_hash),
  CONSTRAINT challenges_token_hash_whole CHECK (octet_length(token_hash) = 32),
  CONSTRAINT challenges_wrong_codes_counted CHECK (wrong_codes >= 0),
  CONSTRAINT challenges_live_for_a_while CHECK (expires_at > created_at)
);

CREATE INDEX challenges_of_user ON challenges (user_id);
CREATE INDEX challenges_by_end ON challenges (expires_at);

ALTER TABLE sessions ADD COLUMN device_trusted_in uuid, ADD COLUMN factor_shown_at timestamptz;

COMMENT ON TABLE challenges IS 'Sign-ins whose first factor was right and whose second is waited for. Deleted when it is shown.';
COMMENT ON COLUMN challenges.token_hash IS 'SHA-256 of the 256 random bits the client holds.';
COMMENT ON COLUMN challenges.security_stamp IS 'The user''s when the first factor was proven: with another one nothing follows from it any more.';
COMMENT ON COLUMN challenges.device_id IS 'Of the device that proved to have signed in before.';
COMMENT ON COLUMN sessions.device_trusted_in IS 'The tenant for which a trusted device stood in for the second factor at sign-in. NULL: none did. Nothing refers to the tenant: once it is gone, this says nothing any more.';
COMMENT ON COLUMN sessions.factor_shown_at IS 'When the session last showed a second factor. NULL: it has shown none.';
